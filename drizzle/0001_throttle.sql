CREATE TABLE `throttle` (
	`key` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`points` int NOT NULL DEFAULT 0,
	`expire` bigint unsigned,
	CONSTRAINT `throttle_key` PRIMARY KEY(`key`)
);
--> statement-breakpoint
CREATE INDEX `throttle_expire` ON `throttle` (`expire`);