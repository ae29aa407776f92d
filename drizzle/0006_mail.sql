CREATE TABLE `one_time_tokens` (
	`token_hash` binary(32) NOT NULL,
	`purpose` enum('password_reset','email_verification','invitation','not_me','take_back','account_return') NOT NULL,
	`user_id` bigint NOT NULL,
	`email` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`session_id` binary(16),
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`used_at` datetime(3),
	CONSTRAINT `one_time_tokens_token_hash` PRIMARY KEY(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` binary(16) NOT NULL,
	`channel` enum('mail') NOT NULL DEFAULT 'mail',
	`kind` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` bigint,
	`recipient` varchar(254) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`detail` json NOT NULL DEFAULT (json_object()),
	`token_hash` binary(32),
	`sealed_token` text,
	`created_at` datetime(3) NOT NULL,
	`attempts` int NOT NULL DEFAULT 0,
	`next_attempt_at` datetime(3),
	`lease_until` datetime(3),
	`last_error` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`sent_at` datetime(3),
	`failed_at` datetime(3),
	CONSTRAINT `outbox_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `events` MODIFY COLUMN `type` enum('sign_in','sign_in_failed','sign_in_throttled','sign_out','session_revoked','session_expired','sessions_cleared','password_changed','reauthenticated','user_created','user_updated','user_disabled','user_enabled','secret_rejected','password_reset_requested','password_reset','email_changed','email_verified','user_invited','user_registered','user_erased','new_device','session_reported') NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` MODIFY COLUMN `end_reason` enum('signed_out','idle','absolute','revoked','revoked_by_admin','password_changed','user_disabled','limit','reset','account_closed','password_reset','reported');--> statement-breakpoint
ALTER TABLE `users` ADD `email_verified_at` datetime(3) DEFAULT (utc_timestamp(3));--> statement-breakpoint
ALTER TABLE `users` ADD `erase_at` datetime(3);--> statement-breakpoint
ALTER TABLE `one_time_tokens` ADD CONSTRAINT `one_time_tokens_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `outbox` ADD CONSTRAINT `outbox_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `one_time_tokens_user` ON `one_time_tokens` (`user_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_expires` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
CREATE INDEX `outbox_next_attempt` ON `outbox` (`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `outbox_user` ON `outbox` (`user_id`);--> statement-breakpoint
CREATE INDEX `outbox_created` ON `outbox` (`created_at`);--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`failed_at`);--> statement-breakpoint
CREATE INDEX `users_erase_at` ON `users` (`erase_at`);--> statement-breakpoint
CREATE INDEX `users_unverified` ON `users` (`email_verified_at`,`created_at`);