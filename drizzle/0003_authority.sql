CREATE TABLE `session_devices` (
	`id` binary(32) NOT NULL,
	`session_id` binary(16) NOT NULL,
	`ip_address` varchar(45) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`user_agent` varchar(512) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`first_seen_at` datetime(3) NOT NULL,
	CONSTRAINT `session_devices_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `password_is_temporary` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `password_set_at` datetime(3);--> statement-breakpoint
ALTER TABLE `users` ADD `known_browsers_since` datetime(3);--> statement-breakpoint
ALTER TABLE `session_devices` ADD CONSTRAINT `session_devices_session_id_sessions_id_fk` FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `session_devices_session` ON `session_devices` (`session_id`,`first_seen_at`);