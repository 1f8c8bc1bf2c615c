// What a server writes to its ledger, by the names of the changes. Times are milliseconds since 1970.

/** Of the account ?2: another one could look after all. */
const NOT_LAST_ADMIN = `(role <> 'admin' OR is_disabled = 1 OR EXISTS (
	SELECT 1 FROM accounts AS other WHERE other.id <> ?2 AND other.role = 'admin' AND other.is_disabled = 0))`;

/** Endpoints of the account ?2 that notices of the type ?3 go to. */
const WANTED_BY = `SELECT 1 FROM endpoints WHERE account = ?2 AND state = 'on' AND EXISTS (SELECT 1 FROM json_each(types) WHERE value = ?3)`;

export const SERVER_STATEMENTS = {
	addAccount:
		'INSERT INTO accounts (id, name, password, role, created_at, must_change_password) VALUES (?, ?, ?, ?, ?, ?)',
	addFirstAdmin: `INSERT INTO accounts (id, name, password, role, created_at) SELECT ?, ?, ?, 'admin', ?
		WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE role = 'admin')`,
	/** Changes nothing, and fails where it is not as it was seen. */
	holdAccount: 'UPDATE accounts SET role = role WHERE id = ? AND role = ? AND is_disabled = ?',
	setRole: `UPDATE accounts SET role = ?1 WHERE id = ?2 AND (?1 = 'admin' OR ${NOT_LAST_ADMIN})`,
	setDisabled: `UPDATE accounts SET is_disabled = ?1 WHERE id = ?2 AND (?1 = 0 OR ${NOT_LAST_ADMIN})`,
	resetPassword: 'UPDATE accounts SET password = ?, must_change_password = 1 WHERE id = ?',
	removeTokens: 'DELETE FROM tokens WHERE account = ?',
	removeSessions: `DELETE FROM tokens WHERE account = ? AND kind = 'session'`,
	changePassword: 'UPDATE accounts SET password = ?, must_change_password = 0 WHERE id = ? AND password = ?',
	/** ?9: whether its second factor has been asked for; else the account must have none. */
	addSession: `INSERT INTO tokens (hash, id, account, kind, name, created_at, expires_at, used_at, used_from)
		SELECT ?1, ?2, id, 'session', ?3, ?4, ?5, ?4, ?6 FROM accounts WHERE id = ?7 AND password = ?8 AND is_disabled = 0
		AND (?9 = 1 OR NOT EXISTS (SELECT 1 FROM second_factors WHERE account = ?7 AND confirmed_at IS NOT NULL))`,
	addDeviceLogin: `INSERT INTO device_logins (device_hash, user_hash, client, asked_from, state, created_at, expires_at)
		SELECT ?1, ?2, ?3, ?4, 'pending', ?5, ?6 WHERE (SELECT count(*) FROM device_logins WHERE state = 'pending' AND expires_at > ?5) < ?7`,
	decideDeviceLogin: `UPDATE device_logins SET state = ?2, account = ?3, allowed_by = ?4
		WHERE user_hash = ?1 AND state = 'pending' AND expires_at > ?5`,
	/** Of the account that has let it in by a login that is still there. */
	addDeviceSession: `INSERT INTO tokens (hash, id, account, kind, name, created_at, expires_at, used_at, used_from, provider_grant)
		SELECT ?1, ?2, accounts.id, 'session', ?3, ?4, ?5, ?4, ?6, allowing.provider_grant FROM device_logins
		JOIN accounts ON accounts.id = device_logins.account AND is_disabled = 0
		JOIN tokens AS allowing ON allowing.hash = allowed_by AND allowing.account = accounts.id
		WHERE device_hash = ?7 AND state = 'allowed' AND device_logins.expires_at > ?4`,
	addIdentity: 'INSERT INTO identities (issuer, subject, account) VALUES (?, ?, ?)',
	addGrant: 'INSERT INTO provider_grants (id, account, refresh_token, check_at) VALUES (?, ?, ?, ?)',
	addOidcSession: `INSERT INTO tokens (hash, id, account, kind, name, created_at, expires_at, used_at, used_from, provider_grant)
		SELECT ?1, ?2, id, 'session', ?3, ?4, ?5, ?4, ?6, ?8 FROM accounts WHERE id = ?7 AND is_disabled = 0`,
	renewGrant: 'UPDATE provider_grants SET refresh_token = ?2, check_at = ?3 WHERE id = ?1',
	keepRefreshToken: 'UPDATE provider_grants SET refresh_token = ?2 WHERE id = ?1',
	/** With all that was made by it. */
	removeGrant: 'DELETE FROM provider_grants WHERE id = ?',
	removeGrantsOf: 'DELETE FROM provider_grants WHERE account = ?',
	/** Also those that have ended by themselves. */
	removeIdleGrants: `DELETE FROM provider_grants WHERE (refresh_token = '' AND check_at <= ?) OR NOT EXISTS (
		SELECT 1 FROM tokens WHERE provider_grant = provider_grants.id UNION ALL SELECT 1 FROM drop_links WHERE provider_grant = provider_grants.id)`,
	removeDeviceLogin: 'DELETE FROM device_logins WHERE device_hash = ?',
	removeExpiredDeviceLogins: 'DELETE FROM device_logins WHERE expires_at <= ?',
	/** ?9: the id of the login that makes it. */
	addApiToken: `INSERT INTO tokens (hash, id, account, kind, name, scopes, created_at, expires_at, provider_grant)
		SELECT ?1, ?2, ?3, 'api', ?4, ?5, ?6, ?7, (SELECT provider_grant FROM tokens WHERE id = ?9)
		WHERE (SELECT count(*) FROM tokens WHERE account = ?3 AND kind = 'api') < ?8`,
	removeApiToken: `DELETE FROM tokens WHERE kind = 'api' AND id = ?1 AND (?2 IS NULL OR account = ?2)`,
	useToken: 'UPDATE tokens SET used_at = ?, used_from = ? WHERE hash = ?',
	removeToken: 'DELETE FROM tokens WHERE hash = ?',
	removeSession: `DELETE FROM tokens WHERE account = ? AND kind = 'session' AND id = ?`,
	removeOtherSessions: `DELETE FROM tokens WHERE account = ? AND kind = 'session' AND hash <> ?`,
	removeExpiredTokens: `DELETE FROM tokens WHERE expires_at <= ? OR (kind = 'session' AND used_at <= ?)`,
	beginSecondFactor: `INSERT INTO second_factors (account, secret, created_at) VALUES (?, ?, ?)
		ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at WHERE confirmed_at IS NULL`,
	confirmSecondFactor:
		'UPDATE second_factors SET confirmed_at = ?, used_step = ? WHERE account = ? AND secret = ? AND confirmed_at IS NULL',
	useTotpStep:
		'UPDATE second_factors SET used_step = ?1 WHERE account = ?2 AND confirmed_at IS NOT NULL AND used_step < ?1',
	removeSecondFactor: 'DELETE FROM second_factors WHERE account = ?',
	addRecoveryCode: 'INSERT INTO recovery_codes (hash, account) VALUES (?, ?)',
	useRecoveryCode: 'DELETE FROM recovery_codes WHERE hash = ? AND account = ?',
	removeRecoveryCodes: 'DELETE FROM recovery_codes WHERE account = ?',
	addInvitation: `INSERT INTO invitations (hash, id, role, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
	useInvitation: 'DELETE FROM invitations WHERE hash = ? AND expires_at > ?',
	removeInvitation: 'DELETE FROM invitations WHERE id = ?',
	removeInvitationsOf: 'DELETE FROM invitations WHERE created_by = ?',
	removeExpiredInvitations: 'DELETE FROM invitations WHERE expires_at <= ?',
	/** ?10: the id of what makes it. */
	addDropLink: `INSERT INTO drop_links (hash, id, account, name, max_bytes, max_files, created_at, expires_at, provider_grant)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT provider_grant FROM tokens WHERE id = ?10) WHERE (SELECT count(*) FROM drop_links WHERE account = ?3 AND expires_at > ?7) < ?9`,
	useDropLink: 'UPDATE drop_links SET used_at = ? WHERE hash = ?',
	removeDropLink: 'DELETE FROM drop_links WHERE id = ? AND account = ?',
	removeDropLinksOf: 'DELETE FROM drop_links WHERE account = ?',
	removeExpiredDropLinks: 'DELETE FROM drop_links WHERE expires_at <= ?',
	addAuditLine: `INSERT INTO audit (number, record, hash)
		SELECT number + 1, ?1, chain_hash(hash, ?1) FROM audit ORDER BY number DESC LIMIT 1`,
	addDataset: `INSERT INTO datasets (id, account, name, relative_path, source, state, bytes, sha256, received_at, expires_at, corrects, link, scan)
		VALUES (?, ?, ?, ?, ?, 'stored', ?, ?, ?, ?, ?, ?, ?)`,
	endScan: `UPDATE datasets SET scan = ? WHERE id = ? AND scan = 'waiting' AND state = 'stored'`,
	removeDataset: `UPDATE datasets SET state = 'deleted' WHERE id = ? AND state = 'stored' AND NOT EXISTS (
		SELECT 1 FROM tasks WHERE tasks.dataset = datasets.number AND tasks.state IN ('QUEUED', 'PROCESSING'))`,
	/** `bytes` is -1 until the length is declared. */
	addUpload: 'INSERT INTO uploads (id, account, bytes, metadata, touched_at, link) VALUES (?, ?, ?, ?, ?, ?)',
	/** Of who holds it, who lets it go by that. */
	setReceived:
		'UPDATE uploads SET received_bytes = ?, touched_at = ?, holder = NULL WHERE id = ? AND dataset IS NULL AND holder IS ?',
	/** Once; it is held on. */
	declareLength:
		'UPDATE uploads SET bytes = ?, touched_at = ? WHERE id = ? AND bytes = ? AND dataset IS NULL AND holder IS ?',
	holdUpload: 'UPDATE uploads SET holder = ?1 WHERE id = ?2 AND (holder IS NULL OR holder = ?1 OR holder = ?3)',
	releaseUpload: 'UPDATE uploads SET holder = NULL WHERE id = ? AND holder = ?',
	finishUpload: 'UPDATE uploads SET dataset = ? WHERE id = ? AND dataset IS NULL',
	/** What has become of it is a file of the inbox. */
	finishDrop: `UPDATE uploads SET dataset = '' WHERE id = ? AND dataset IS NULL`,
	addInboxDrop: 'INSERT INTO inbox_drops (account, name, bytes, dropped_at) VALUES (?, ?, ?, ?)',
	removeInboxDrops: 'DELETE FROM inbox_drops WHERE dropped_at <= ?',
	removeUpload: 'DELETE FROM uploads WHERE id = ?',
	addTask: `INSERT INTO tasks (id, account, dataset, task, analyses, options, mapping, state, created_at)
		SELECT ?, ?, number, ?, ?, ?, ?, 'QUEUED', ? FROM datasets WHERE id = ? AND state = 'stored'`,
	mapTask: `UPDATE tasks SET mapping = ? WHERE id = ? AND mapping IS NULL`,
	/** ?3: the version before; 0: there is none. */
	addMapping: `INSERT INTO mappings (account, name, version, headings, map, created_at, id)
		SELECT ?1, ?2, (SELECT coalesce(max(version), 0) + 1 FROM mappings WHERE account = ?1 AND name = ?2), ?4, ?5, ?6, ?8
		WHERE ?3 = coalesce((SELECT max(version) FROM mappings WHERE account = ?1 AND name = ?2 AND is_removed = 0), 0)
		AND (?3 > 0 OR (SELECT count(DISTINCT name) FROM mappings WHERE account = ?1 AND is_removed = 0) < ?7)`,
	removeMapping: `UPDATE mappings SET is_removed = 1 WHERE account = ?1 AND name = ?2 AND is_removed = 0
		AND ?3 = (SELECT max(version) FROM mappings WHERE account = ?1 AND name = ?2 AND is_removed = 0)`,
	/** Nobody else has been at it since it was seen. */
	startTask: `UPDATE tasks SET state = 'PROCESSING', attempts = attempts + 1, started_at = ?, instance = ? WHERE id = ? AND state = 'QUEUED' AND attempts = ?`,
	queueTaskAgain: `UPDATE tasks SET state = 'QUEUED', instance = NULL, error = NULL, started_at = NULL, ended_at = NULL, rows = NULL, rejected_rows = NULL, report = NULL, partials = NULL,
		deaths = 0, mapping = CASE WHEN json_extract(mapping, '$.is_automatic') THEN NULL ELSE mapping END WHERE id = ? AND state IN ('FAILED', 'CANCELLED')
		AND EXISTS (SELECT 1 FROM datasets WHERE datasets.number = tasks.dataset AND datasets.state = 'stored')`,
	requeueTask: `UPDATE tasks SET state = 'QUEUED', instance = NULL WHERE id = ? AND state = 'PROCESSING' AND instance IS ?`,
	/** Of the one that has died. */
	requeueDeadTask: `UPDATE tasks SET state = 'QUEUED', instance = NULL, deaths = deaths + 1 WHERE id = ? AND state = 'PROCESSING' AND instance IS ?`,
	/** Of one that is at it: another one may have taken it over from one that was taken for dead. */
	keepCheckpoint: `INSERT OR REPLACE INTO task_checkpoints (dataset, reading, identity, state) SELECT ?1, ?2, ?3, ?4
		WHERE EXISTS (SELECT 1 FROM tasks JOIN datasets ON datasets.number = tasks.dataset
			WHERE datasets.id = ?1 AND tasks.state = 'PROCESSING' AND tasks.instance IS ?5)`,
	forgetDeaths: `UPDATE tasks SET deaths = 0 WHERE state = 'PROCESSING' AND deaths > 0
		AND dataset = (SELECT number FROM datasets WHERE id = ?)`,
	removeCheckpoints: `DELETE FROM task_checkpoints WHERE dataset = ?1 AND NOT EXISTS (SELECT 1 FROM tasks
		JOIN datasets ON datasets.number = tasks.dataset WHERE datasets.id = ?1 AND tasks.state IN ('QUEUED', 'PROCESSING'))`,
	pauseTask: `UPDATE tasks SET is_paused = 1 WHERE id = ? AND is_paused = 0 AND state IN ('QUEUED', 'PROCESSING')`,
	resumeTask: `UPDATE tasks SET is_paused = 0 WHERE id = ? AND is_paused = 1 AND state IN ('QUEUED', 'PROCESSING')`,
	/** ?9: in this state only; of one that is worked on also by ?10 only, at its attempt ?11. NULL: whoever is at it. */
	endTask: `UPDATE tasks SET is_paused = 0, instance = NULL, state = ?1, ended_at = ?2, rows = ?3, rejected_rows = ?4, error = ?5, report = ?6, partials = ?7
		WHERE id = ?8 AND state IN ('QUEUED', 'PROCESSING') AND (?9 IS NULL OR (state = ?9 AND instance IS ?10 AND attempts = ?11))`,
	removeResult: `UPDATE tasks SET report = NULL, partials = NULL WHERE id = ? AND state = 'COMPLETED' AND report IS NOT NULL`,
	addEvent: 'INSERT INTO server_events (account, task, line) VALUES (?, ?, ?)',
	addEpoch: `INSERT INTO event_epochs (name, after)
		SELECT ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'server_events'), 0)`,
	/** Of a log that several share, all of which give its events the same ids. */
	addSharedEpoch: `INSERT INTO event_epochs (name, after) SELECT ?1, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'server_events'), 0)
		WHERE NOT EXISTS (SELECT 1 FROM event_epochs WHERE name = ?1)`,
	removeOldEpochs: `DELETE FROM event_epochs WHERE number < (
		SELECT max(number) FROM event_epochs WHERE after < (SELECT min(number) FROM server_events))`,
	removeEvents: `DELETE FROM server_events WHERE number <= (SELECT max(number) FROM server_events) - ?`,
	addBulk: `INSERT INTO bulks (id, account, action, q, task, state, created_at, of_account) VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?)`,
	addBulkFiles: `INSERT INTO bulk_files (bulk, position, file)
		SELECT bulks.number, key, value FROM bulks JOIN json_each(?2) WHERE bulks.id = ?1`,
	doBulkFile: `UPDATE bulk_files SET state = ?3, reason = ?4 WHERE bulk = ?1 AND position = ?2 AND state = 'pending'
		AND EXISTS (SELECT 1 FROM bulks WHERE number = ?1 AND state = 'RUNNING')`,
	markBulkFile: `UPDATE bulk_files SET state = ?3, reason = ?4 WHERE bulk = ?1 AND position = ?2 AND state = 'pending'`,
	endBulk: `UPDATE bulks SET state = ?2, ended_at = ?3 WHERE id = ?1 AND state = 'RUNNING'`,
	removeBulks: 'DELETE FROM bulks WHERE ended_at <= ?',
	addEndpoint: `INSERT INTO endpoints (id, account, url, secret, types, state, created_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
		WHERE (SELECT count(*) FROM endpoints WHERE account = ?2) < ?8`,
	holdEndpoint: 'UPDATE endpoints SET types = types WHERE id = ? AND types = ? AND state = ?',
	changeEndpoint: `UPDATE endpoints SET types = ?3, state = ?4, off_reason = NULL, failures = 0, rests_until = NULL
		WHERE id = ?1 AND account = ?2 AND state <> 'unconfirmed'`,
	confirmEndpoint: `UPDATE endpoints SET state = 'on', secret = '' WHERE id = ? AND account = ? AND state = 'unconfirmed'`,
	changeEndpointSecret: `UPDATE endpoints SET old_secret = secret, old_secret_until = ?4, secret = ?3 WHERE id = ?1 AND account = ?2`,
	removeEndpoint: 'DELETE FROM endpoints WHERE id = ? AND account = ?',
	addNotice: `INSERT INTO notices (id, account, type, body, created_at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (${WANTED_BY})`,
	addNoticeSince: `INSERT INTO notices (id, account, type, body, created_at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (${WANTED_BY})
		AND NOT EXISTS (SELECT 1 FROM notices WHERE account = ?2 AND type = ?3 AND created_at > ?6)`,
	/** Their ids are not random: where a log is shared, all come to the same. */
	addDeliveries: `INSERT INTO deliveries (id, notice, endpoint, state, next_at)
		SELECT 'd_' || substr(lower(hex(chain_hash(zeroblob(32), notices.id || ' ' || endpoints.id))), 1, 26), notices.number, endpoints.number, 'pending', notices.created_at FROM notices JOIN endpoints
			ON endpoints.account = notices.account AND endpoints.state = 'on'
			AND EXISTS (SELECT 1 FROM json_each(endpoints.types) WHERE value = notices.type)
		WHERE notices.id = ? ORDER BY endpoints.number`,
	addNoticeForOne: 'INSERT INTO notices (id, account, type, body, created_at) VALUES (?, ?, ?, ?, ?)',
	addDelivery: `INSERT INTO deliveries (id, notice, endpoint, state, next_at) SELECT ?1, notices.number, endpoints.number, 'pending', ?4
		FROM notices JOIN endpoints ON endpoints.id = ?3 WHERE notices.id = ?2`,
	sendAgain: `UPDATE deliveries SET state = 'pending', failures = 0, next_at = ?2, ended_at = NULL WHERE id = ?1`,
	addDeliveryAttempt: `INSERT INTO delivery_attempts (delivery, number, begun_at, ms, status, error)
		SELECT number, attempts + 1, ?2, ?3, ?4, ?5 FROM deliveries WHERE number = ?1 AND state = 'pending'`,
	endDelivery: `UPDATE deliveries SET state = ?2, attempts = attempts + 1, ended_at = ?3 WHERE number = ?1 AND state = 'pending'`,
	delayDelivery: `UPDATE deliveries SET attempts = attempts + 1, failures = failures + 1, next_at = ?2 WHERE number = ?1 AND state = 'pending'`,
	forgetFailures: `UPDATE endpoints SET failures = 0, rests_until = NULL WHERE number = ? AND failures > 0`,
	countFailure: 'UPDATE endpoints SET failures = failures + 1, rests_until = ?2 WHERE number = ?1',
	switchOffEndpoint: `UPDATE endpoints SET state = 'off', off_reason = ?2 WHERE number = ?1`,
	removeNotices: `DELETE FROM notices WHERE created_at <= ? AND NOT EXISTS (
		SELECT 1 FROM deliveries WHERE deliveries.notice = notices.number AND deliveries.state = 'pending')`,
	addAnswer: `INSERT INTO answers (account, key, fingerprint, status, answer, answered_at) VALUES (?, ?, ?, ?, ?, ?)`,
	removeAnswer: 'DELETE FROM answers WHERE account = ? AND key = ?',
	removeAnswers: 'DELETE FROM answers WHERE answered_at <= ?',
} as const;

export type ServerStatement = keyof typeof SERVER_STATEMENTS;
