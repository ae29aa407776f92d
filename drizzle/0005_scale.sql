CREATE TABLE `try_hours` (
	`starts_at` datetime(3) NOT NULL,
	`sign_ins` int NOT NULL,
	`failures` int NOT NULL,
	`throttled` int NOT NULL,
	CONSTRAINT `try_hours_starts_at` PRIMARY KEY(`starts_at`)
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `method_list` enum('[]','["password"]') DEFAULT '[]' NOT NULL;--> statement-breakpoint
UPDATE `sessions` SET `method_list` = '["password"]' WHERE json_contains(`methods`, '"password"');--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `methods`, ADD `methods` json GENERATED ALWAYS AS (`method_list`) VIRTUAL;
