// What a provider of logins has granted: as long as it says so, what was made by it holds.

/** So long a provider may be away until those whom it has sent are out: nothing says any more that they may be in. */
const AWAY_MS = 60 * 60_000;

/**
The condition that nothing of `table` is given that a provider has granted and does not stand by. Nothing is removed: where it says so again, it holds again.
Without anything to ask by, what was said holds no longer than was said.

@param table - With `provider_grant`; ?2 is the time.
*/
export const isGranted = (table: 'tokens' | 'drop_links'): string =>
	`(${table}.provider_grant IS NULL OR EXISTS (SELECT 1 FROM provider_grants
		WHERE provider_grants.id = ${table}.provider_grant AND check_at > ?2 - iif(refresh_token = '', 0, ${AWAY_MS})))`;
