DROP INDEX `events_user` ON `events`;--> statement-breakpoint
CREATE INDEX `events_user_at` ON `events` (`user_id`,`at`);--> statement-breakpoint
CREATE INDEX `events_address_at` ON `events` (`ip_address`,`at`);--> statement-breakpoint
CREATE INDEX `events_at` ON `events` (`at`);--> statement-breakpoint
CREATE INDEX `sessions_ended_activity` ON `sessions` (`ended_at`,`last_activity_at`);--> statement-breakpoint
CREATE INDEX `sessions_ended_address` ON `sessions` (`ended_at`,`ip_address`);--> statement-breakpoint
CREATE INDEX `users_role_status` ON `users` (`role`,`status`);