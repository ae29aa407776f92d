CREATE TABLE `adopted_sessions` (
	`django_key_hash` binary(32) NOT NULL,
	`session_id` binary(16) NOT NULL,
	`user_id` bigint NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	CONSTRAINT `adopted_sessions_django_key_hash` PRIMARY KEY(`django_key_hash`)
);
--> statement-breakpoint
CREATE TABLE `identities` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`issuer` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`subject` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` bigint NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `identities_id` PRIMARY KEY(`id`),
	CONSTRAINT `identities_subject` UNIQUE(`issuer`,`subject`)
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `django_row` varchar(200) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `adopted_sessions` ADD CONSTRAINT `adopted_sessions_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `identities` ADD CONSTRAINT `identities_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `adopted_sessions_expires` ON `adopted_sessions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `adopted_sessions_user` ON `adopted_sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `identities_user` ON `identities` (`user_id`);