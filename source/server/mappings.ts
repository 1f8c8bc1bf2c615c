// Which headings of files are which columns, under names and in versions: what somebody has found out of one file is of use for the next one with the
// same heading, without anybody asking for it.
import type {ColumnMap} from '../analysis/column-map.ts';
import {knownNames} from '../analysis/registry.ts';
import {readSettingsOf} from '../engine/batch.ts';
import {findUnknownColumn} from '../engine/unknown-column.ts';
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import {escapeInvisible} from '../text/escape-invisible.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createId} from './ids.ts';
import {notFound, problem} from './problem.ts';
import type {Task, TaskMapping} from './task.ts';
import {readingOf, type TaskOptions} from './task-options.ts';

export interface Mapping {
	/** Of its row. */
	readonly number: number;
	/** Of all its versions. */
	readonly id: string;
	readonly name: string;
	/** From 1; a change makes the next one. */
	readonly version: number;
	/** Of the files that it is for, in their order. */
	readonly headings: readonly string[];
	readonly map: ColumnMap;
	readonly createdAt: number;
}

export interface MappingsOptions {
	readonly ledger: ServerLedger;
	readonly taskOptions: TaskOptions;
	/** The names of the columns of a file as its task reads it; `null`: there are none that could be found out. */
	readonly headingsOf: (task: Task) => Promise<readonly string[] | null>;
}

/** Of a mapping that is to be changed; `any`: whatever there is; `null`: not said. */
export type ExpectedVersion = number | 'any' | null;

/** By this name a task asks for none. */
export const NO_MAPPING = 'none';
export const MAX_NAME = 100;
const MAX_MAPPINGS = 200;
/** In a refusal. */
const NAMED_MAPPINGS = 10;

const NEWEST = `SELECT *, max(version) FROM mappings WHERE account = ? AND is_removed = 0`;

export class Mappings {
	readonly #options: MappingsOptions;

	constructor(options: MappingsOptions) {
		this.#options = options;
	}

	/** The newest version of each, by name. */
	list({id: account}: Pick<User, 'id'>): readonly Mapping[] {
		return this.#options.ledger.all(`${NEWEST} GROUP BY name ORDER BY name`, account).map(toMapping);
	}

	/** @param version - `null`: the newest one. @throws {Problem} 404, also where it belongs to somebody else. */
	find({id: account}: User, name: string, version: number | null = null): Mapping {
		const row = this.#options.ledger.get(
			'SELECT * FROM mappings WHERE account = ?1 AND name = ?2 AND is_removed = 0 AND (?3 IS NULL OR version = ?3) ORDER BY version DESC LIMIT 1',
			...[account, name, version],
		);
		if (row === undefined) throw notFound('mapping');
		return toMapping(row);
	}

	/** All versions, the newest first. @param before - The number of the last one of the page before. */
	versionsOf(user: User, name: string, before: number | null, limit: number): readonly Mapping[] {
		this.find(user, name);
		return this.#options.ledger
			.all(
				'SELECT * FROM mappings WHERE account = ? AND name = ? AND is_removed = 0 AND number < ? ORDER BY number DESC LIMIT ?',
				...[user.id, name, before ?? Number.MAX_SAFE_INTEGER, limit],
			)
			.map(toMapping);
	}

	/**
	Makes a mapping, or its next version; what is as it was stays so.

	@param expected - The version that it has, as who asks has seen it; `any`: whatever there is; `null`: not said.
	@throws {Problem} Where it is no mapping, or has another version by now.
	*/
	async save(
		user: User,
		name: string,
		{headings, map}: Pick<Mapping, 'headings' | 'map'>,
		expected: ExpectedVersion,
	): Promise<{readonly mapping: Mapping; readonly isNew: boolean}> {
		assertName(name);
		assertMap(headings, map);
		const before = this.list(user).find(each => each.name === name);
		const {version, id} = before ?? {version: 0, id: createId('m')};
		if (before !== undefined && isSame(before, {headings, map})) return {mapping: before, isNew: false};
		if (before !== undefined && expected === null)
			throw problem('VERSION_NEEDED', `There is version ${version} of it: send If-Match: "${version}" to change it.`);
		assertExpected(expected, version);
		const values = [
			user.id,
			name,
			version,
			JSON.stringify(headings),
			JSON.stringify(map),
			Date.now(),
			MAX_MAPPINGS,
			id,
		];
		try {
			await this.#options.ledger.commit(
				{statement: 'addMapping', values, rows: 1},
				auditLine({action: 'change-mappings', subject: id, details: {name, is_new: version === 0}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			const mappings = this.list(user);
			if (before === undefined && mappings.length >= MAX_MAPPINGS)
				throw problem('TOO_MANY_MAPPINGS', `The account has ${MAX_MAPPINGS} mappings: remove one first.`);
			throw changed(mappings.find(each => each.name === name)?.version ?? 0);
		}
		return {mapping: this.find(user, name), isNew: before === undefined};
	}

	/** Tasks that were given it are read by it all the same. @param expected - As for `save`. */
	async remove(user: User, name: string, expected: ExpectedVersion): Promise<void> {
		const {version, id} = this.find(user, name);
		assertExpected(expected, version);
		const {ledger} = this.#options;
		// All versions go, and none where a further one has come meanwhile.
		const rows = Number(
			ledger.get(
				'SELECT count(*) AS count FROM mappings WHERE account = ? AND name = ? AND is_removed = 0',
				user.id,
				name,
			)?.count,
		);
		try {
			await ledger.commit(
				{statement: 'removeMapping', values: [user.id, name, version], rows},
				auditLine({action: 'change-mappings', subject: id, details: {name, is_removed: true}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw changed(this.find(user, name).version);
		}
	}

	/** What a task asks for by name. @throws {Problem} Where there is none of this name. */
	asked(user: User, name: string | undefined): Task['mapping'] {
		if (name === undefined) return null;
		if (name === NO_MAPPING) return 'none';
		const mappings = this.list(user);
		const found = mappings.find(each => each.name === name);
		if (found !== undefined) return toTaskMapping(found, false);
		const known = mappings.slice(0, NAMED_MAPPINGS).map(each => JSON.stringify(each.name));
		throw problem(
			'UNKNOWN_MAPPING',
			`There is no mapping ${JSON.stringify(name)}: ${known.length === 0 ? 'the account has none' : `known are ${known.join(', ')}${mappings.length > known.length ? ' …' : ''}`}.`,
		);
	}

	/** The one that is for files with these headings, in any order: the one that was changed last, if several are. */
	match(account: string, headings: readonly string[]): Mapping | null {
		const key = keyOf(headings);
		return this.list({id: account})
			.filter(mapping => keyOf(mapping.headings) === key)
			.reduce<Mapping | null>((last, each) => (last === null || each.number > last.number ? each : last), null);
	}

	/** For a task that has asked for none: where its file has such a heading, and the columns are of what is to be made of it. */
	async choose(task: Task): Promise<TaskMapping | null> {
		const {ledger, taskOptions, headingsOf} = this.#options;
		if (task.mapping !== null || task.options.map !== undefined) return null;
		if (
			ledger.get('SELECT 1 AS found FROM mappings WHERE account = ? AND is_removed = 0 LIMIT 1', task.account) ===
			undefined
		)
			return null;
		const headings = await headingsOf(task);
		const found = headings === null ? null : this.match(task.account, headings);
		if (found === null) return null;
		const mapping = toTaskMapping(found, true);
		try {
			readSettingsOf(readingOf({...task, mapping}, taskOptions));
			return mapping;
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			return null;
		}
	}
}

const toTaskMapping = ({name, version, map}: Mapping, is_automatic: boolean): TaskMapping => ({
	...{name, version, is_automatic, map},
});

/** @param version - 0: it is not there. @throws {Problem} */
function assertExpected(expected: ExpectedVersion, version: number): void {
	const isAsExpected = expected === null || expected === version || (expected === 'any' && version > 0);
	if (!isAsExpected) throw changed(version);
}

const changed = (version: number) =>
	problem('VERSION_CHANGED', version === 0 ? 'It is not there.' : `It has version ${version} by now.`, {
		more: {version},
	});

const keyOf = (headings: readonly string[]): string => JSON.stringify(headings.toSorted());

const entriesOf = (map: ColumnMap): string => JSON.stringify(Object.entries(map).toSorted());

const isSame = (one: Pick<Mapping, 'headings' | 'map'>, other: Pick<Mapping, 'headings' | 'map'>): boolean =>
	JSON.stringify(one.headings) === JSON.stringify(other.headings) && entriesOf(one.map) === entriesOf(other.map);

/** @throws {Problem} */
function assertName(name: string): void {
	const isVisible = !/[\t\n\r]/.test(name) && escapeInvisible(name) === name;
	if (isVisible && name.trim() === name && name !== '' && name !== NO_MAPPING) return;
	throw problem(
		'BAD_MAPPING',
		`Expected a name with visible characters and no blanks around them, other than ${NO_MAPPING}, which stands for no mapping.`,
	);
}

/** @throws {Problem} */
function assertMap(headings: readonly string[], map: ColumnMap): void {
	const unknown = findUnknownColumn(map, knownNames());
	if (unknown !== undefined) throw problem('BAD_MAPPING', `The map cannot be used: ${unknown}.`);
	for (const [column, heading] of Object.entries(map))
		if (!headings.includes(heading))
			throw problem(
				'BAD_MAPPING',
				`${column} is to be ${JSON.stringify(heading)}, which is none of the headings: expected one of ${headings.join(', ')}.`,
			);
}

const toMapping = (row: Row): Mapping => ({
	...{number: Number(row.number), id: String(row.id), name: String(row.name), version: Number(row.version)},
	headings: JSON.parse(String(row.headings)) as readonly string[],
	map: JSON.parse(String(row.map)) as ColumnMap,
	createdAt: Number(row.created_at),
});
