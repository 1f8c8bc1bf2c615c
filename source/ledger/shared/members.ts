// Who is at work with a shared log, and who keeps house: by the clock of the database, which is the same for all.
import type {Postgres} from './postgres.ts';

export interface MemberTimes {
	/** How often an instance says that it is there. */
	readonly sayMs: number;
	/** One that was not heard of for longer has died. */
	readonly deadMs: number;
	/** For so long one is the keeper, unless it says so again. */
	readonly keeperMs: number;
	/** How often the keeper looks whether a snapshot is due. */
	readonly tidyMs: number;
}

export const MEMBER_TIMES: MemberTimes = {sayMs: 3000, deadMs: 30_000, keeperMs: 15_000, tidyMs: 60_000};

export interface Members {
	/** Instances that have been heard of. */
	readonly alive: readonly string[];
	/** For how long this one is the keeper, from when it was asked; 0: another one is. */
	readonly keeperMs: number;
}

/** Says that an instance is there, and how far its copy is. */
export async function sayAndLook(
	postgres: Postgres,
	{id, version, position}: {readonly id: string; readonly version: string; readonly position: number},
	{deadMs, keeperMs}: MemberTimes,
): Promise<Members> {
	await postgres.ask(
		`INSERT INTO fileproc.instances (id, version, position, seen_at) VALUES ($1, $2, $3, now())
		ON CONFLICT (id) DO UPDATE SET position = excluded.position, seen_at = now()`,
		[id, version, position],
	);
	const kept = await postgres.ask(
		`INSERT INTO fileproc.keeper (instance, until) VALUES ($1, now() + $2 * interval '1 ms')
		ON CONFLICT (only_one) DO UPDATE SET instance = excluded.instance, until = excluded.until
		WHERE keeper.instance = excluded.instance OR keeper.until < now() RETURNING instance`,
		[id, keeperMs],
	);
	const rows = await postgres.ask(`SELECT id FROM fileproc.instances WHERE seen_at > now() - $1 * interval '1 ms'`, [
		deadMs,
	]);
	return {alive: rows.map(row => String(row.id)), keeperMs: kept.length > 0 ? keeperMs : 0};
}

/** An instance that ends in order leaves its place to the others at once. */
export async function leave(postgres: Postgres, id: string): Promise<void> {
	await postgres.ask('DELETE FROM fileproc.keeper WHERE instance = $1', [id]);
	await postgres.ask('DELETE FROM fileproc.instances WHERE id = $1', [id]);
}

/** Those of which nothing was heard for long: their copies are not waited for any more. */
export async function forgetMembers(postgres: Postgres): Promise<void> {
	await postgres.ask(`DELETE FROM fileproc.instances WHERE seen_at < now() - interval '1 day'`);
}
