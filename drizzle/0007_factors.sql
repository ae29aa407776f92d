CREATE TABLE `passkeys` (
	`id` binary(16) NOT NULL,
	`user_id` bigint NOT NULL,
	`credential_hash` binary(32) NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` bigint unsigned NOT NULL,
	`transports` json NOT NULL,
	`backed_up` boolean NOT NULL,
	`aaguid` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`last_used_at` datetime(3),
	CONSTRAINT `passkeys_id` PRIMARY KEY(`id`),
	CONSTRAINT `passkeys_credential` UNIQUE(`credential_hash`)
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`code_hash` binary(32) NOT NULL,
	`user_id` bigint NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`used_at` datetime(3),
	CONSTRAINT `recovery_codes_code_hash` PRIMARY KEY(`code_hash`)
);
--> statement-breakpoint
CREATE TABLE `totp_factors` (
	`user_id` bigint NOT NULL,
	`sealed_secret` text NOT NULL,
	`last_step` bigint NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `totp_factors_user_id` PRIMARY KEY(`user_id`)
);
--> statement-breakpoint
CREATE TABLE `trusted_browsers` (
	`id` binary(16) NOT NULL,
	`user_id` bigint NOT NULL,
	`secret_hash` binary(32) NOT NULL,
	`ip_address` varchar(45) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`user_agent` varchar(512) character set utf8mb4 collate utf8mb4_bin NOT NULL DEFAULT '',
	`created_at` datetime(3) NOT NULL,
	`last_used_at` datetime(3),
	`expires_at` datetime(3) NOT NULL,
	CONSTRAINT `trusted_browsers_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `events` MODIFY COLUMN `type` enum('sign_in','sign_in_failed','sign_in_throttled','sign_out','session_revoked','session_expired','sessions_cleared','password_changed','reauthenticated','user_created','user_updated','user_disabled','user_enabled','secret_rejected','password_reset_requested','password_reset','email_changed','email_verified','user_invited','user_registered','user_erased','new_device','session_reported','factor_added','factor_removed','factors_reset','recovery_code_used','second_factor_failed','session_adopted') NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` MODIFY COLUMN `end_reason` enum('signed_out','idle','absolute','revoked','revoked_by_admin','password_changed','user_disabled','limit','reset','account_closed','password_reset','reported','factor_changed','django_signed_out');--> statement-breakpoint
ALTER TABLE `sessions` MODIFY COLUMN `method_list` ENUM('[]','["password"]','["totp"]','["password","totp"]','["recovery_code"]','["password","recovery_code"]','["totp","recovery_code"]','["password","totp","recovery_code"]','["passkey"]','["password","passkey"]','["totp","passkey"]','["password","totp","passkey"]','["recovery_code","passkey"]','["password","recovery_code","passkey"]','["totp","recovery_code","passkey"]','["password","totp","recovery_code","passkey"]','["django"]','["password","django"]','["totp","django"]','["password","totp","django"]','["recovery_code","django"]','["password","recovery_code","django"]','["totp","recovery_code","django"]','["password","totp","recovery_code","django"]','["passkey","django"]','["password","passkey","django"]','["totp","passkey","django"]','["password","totp","passkey","django"]','["recovery_code","passkey","django"]','["password","recovery_code","passkey","django"]','["totp","recovery_code","passkey","django"]','["password","totp","recovery_code","passkey","django"]') NOT NULL DEFAULT '[]';--> statement-breakpoint
ALTER TABLE `one_time_tokens` MODIFY COLUMN `purpose` enum('password_reset','email_verification','invitation','not_me','take_back','account_return','factors_reset','passkey') NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `factors_changed_at` datetime(3);--> statement-breakpoint
ALTER TABLE `users` ADD `factors_reset_at` datetime(3);--> statement-breakpoint
ALTER TABLE `passkeys` ADD CONSTRAINT `passkeys_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `recovery_codes` ADD CONSTRAINT `recovery_codes_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `totp_factors` ADD CONSTRAINT `totp_factors_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `trusted_browsers` ADD CONSTRAINT `trusted_browsers_user_id_users_id_fk` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`);--> statement-breakpoint
CREATE INDEX `recovery_codes_user` ON `recovery_codes` (`user_id`,`used_at`);--> statement-breakpoint
CREATE INDEX `trusted_browsers_user` ON `trusted_browsers` (`user_id`,`expires_at`);--> statement-breakpoint
CREATE INDEX `trusted_browsers_expires` ON `trusted_browsers` (`expires_at`);