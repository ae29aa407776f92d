CREATE TABLE `events` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`at` datetime(3) NOT NULL,
	`type` enum('sign_in','sign_in_failed','sign_in_throttled','sign_out','session_revoked','session_expired','sessions_cleared','password_changed','reauthenticated','user_created','user_updated','user_disabled','user_enabled','secret_rejected') NOT NULL,
	`user_id` bigint,
	`actor_id` bigint,
	`session_id` binary(16),
	`ip_address` varchar(45) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`user_agent` varchar(512) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`detail` json NOT NULL DEFAULT (json_object()),
	CONSTRAINT `events_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` binary(16) NOT NULL,
	`secret_hash` binary(32),
	`former_secret_hash` binary(32),
	`former_secret_until` datetime(3),
	`rotation_due` boolean NOT NULL DEFAULT false,
	`user_id` bigint NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`authenticated_at` datetime(3) NOT NULL,
	`last_activity_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`absolute_expires_at` datetime(3) NOT NULL,
	`ended_at` datetime(3),
	`end_reason` enum('signed_out','idle','absolute','revoked','revoked_by_admin','password_changed','user_disabled','limit','reset'),
	`persistent` boolean NOT NULL DEFAULT false,
	`ip_address` varchar(45) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`user_agent` varchar(512) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`data` json NOT NULL DEFAULT (json_object()),
	CONSTRAINT `sessions_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` bigint AUTO_INCREMENT NOT NULL,
	`username` varchar(150) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`email` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(150) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`role` enum('member','staff','admin') NOT NULL DEFAULT 'member',
	`status` enum('active','disabled') NOT NULL DEFAULT 'active',
	`password_hash` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` datetime(3) NOT NULL DEFAULT (utc_timestamp(3)),
	`last_sign_in_at` datetime(3),
	`username_key` varchar(150) character set utf8mb4 collate utf8mb4_bin GENERATED ALWAYS AS (lower(`username`)) STORED,
	`email_key` varchar(254) character set utf8mb4 collate utf8mb4_bin GENERATED ALWAYS AS (lower(`email`)) STORED,
	CONSTRAINT `users_id` PRIMARY KEY(`id`),
	CONSTRAINT `users_username_key` UNIQUE(`username_key`),
	CONSTRAINT `users_email_key` UNIQUE(`email_key`)
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `events_user` ON `events` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_session` ON `events` (`session_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_type_at` ON `events` (`type`,`at`);--> statement-breakpoint
CREATE INDEX `sessions_user_ended` ON `sessions` (`user_id`,`ended_at`);--> statement-breakpoint
CREATE INDEX `sessions_ended_expires` ON `sessions` (`ended_at`,`expires_at`);