// Ids of runs as people type them: whole, their beginning, or `last`.
import type {DatabaseSync} from 'node:sqlite';

/** What looks like an id, or like the beginning of one from the whole day on. */
export const looksLikeRunId = (word: string): boolean =>
	word === LAST || /^\d{8}(-(\d{0,5}|\d{6}(-[0-9a-f]{0,6})?))?$/.test(word);

export const LAST = 'last';

/** The ids that begin so, the newest first; of `last` the newest one. A whole id is the only one. */
export function findRunIds(database: DatabaseSync, word: string): string[] {
	const newestFirst = 'ORDER BY started_at DESC, number DESC';
	const rows =
		word === LAST
			? database.prepare(`SELECT id FROM runs ${newestFirst} LIMIT 1`).all()
			: database.prepare(`SELECT id FROM runs WHERE substr(id, 1, length(?1)) = ?1 ${newestFirst}`).all(word);
	return rows.map(({id}) => String(id));
}
