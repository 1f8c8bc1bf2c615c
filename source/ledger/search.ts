// Which runs of a ledger a line of terms asks for. The terms are those of the dashboard's filter, and dates:
//
//   since:2026-11-01   runs that started on this day or later; until:2026-11-30, on this day or before
//   status:interrupted runs that were killed; status:running, those that go on
//   status:failed      runs with a file of this status; together with other terms, with a file that all of them hold for
//   orders             … with a file whose name, or whose error code, contains it
//   !orders            runs without such a file
import type {SQLInputValue} from 'node:sqlite';
import {type FilterTerm, parseFilter, splitWords} from '../store/filter.ts';
import {safe} from '../text/safe.ts';

/** A condition on the table `runs`, and what its question marks stand for. */
export interface RunCondition {
	readonly sql: string;
	readonly values: readonly SQLInputValue[];
}

export type ParsedSearch =
	| {readonly ok: true; readonly condition: RunCondition}
	| {readonly ok: false; readonly message: string};

/** @param text - An empty one finds all runs. */
export function parseSearch(text: string): ParsedSearch {
	const conditions: RunCondition[] = [];
	const reasons: RunCondition[] = [];
	const words: string[] = [];
	for (const word of splitWords(text)) {
		const [, not, status] = /^(!?)status:(running|interrupted)$/i.exec(word) ?? [];
		if (status !== undefined) {
			const is = status.toLowerCase() === 'running' ? '' : 'NOT ';
			conditions.push({sql: `${not ? 'NOT ' : ''}(status = 'running' AND ${is}is_process_there(process))`, values: []});
			continue;
		}
		const [, notReason, reason] = /^(!?)reason:(.*)$/is.exec(word) ?? [];
		if (reason !== undefined) {
			if (reason === '')
				return {ok: false, message: 'After reason: comes why records were rejected, as in reason:not-a-date'};
			const ofFile = {sql: REJECTED_FOR, values: [containing(reason)]};
			if (notReason) conditions.push(negated(withFile([ofFile])));
			else {
				// Few runs have any, so most need not be looked into.
				conditions.push({sql: HAS_REJECTED_FOR, values: ofFile.values});
				reasons.push(ofFile);
			}
			continue;
		}
		const [, side, date] = /^(since|until):(.*)$/is.exec(word) ?? [];
		if (side === undefined || date === undefined) {
			words.push(word);
			continue;
		}
		const startMs = parseDay(date);
		if (startMs === null)
			return {ok: false, message: `After ${side}: comes a day, as in ${side}:2026-11-01, not “${safe(date)}”`};
		conditions.push(
			side.toLowerCase() === 'since'
				? {sql: 'started_at >= ?', values: [startMs]}
				: {sql: 'started_at < ?', values: [startMs + DAY_MS]},
		);
	}
	const parsed = parseFilter(words.join(' '));
	if (!parsed.ok) return parsed;
	const {terms} = parsed.filter;
	for (const {test, isNegated} of terms) {
		const ofRun = conditionOfRun(test);
		if (ofRun !== null) conditions.push(isNegated ? negated(ofRun) : ofRun);
	}
	const ofFiles = terms.filter(({test}) => conditionOfRun(test) === null);
	const [wanted, unwanted] = [ofFiles.filter(term => !term.isNegated), ofFiles.filter(term => term.isNegated)];
	const ofOneFile = [...wanted.map(({test}) => conditionOf(test)), ...reasons];
	if (ofOneFile.length > 0) conditions.push(withFile(ofOneFile));
	for (const {test} of unwanted) conditions.push(negated(withFile([conditionOf(test)])));
	return {ok: true, condition: joinConditions(conditions, 'TRUE')};
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The first moment of a day in UTC, which ids and lists of runs are in, too. */
function parseDay(text: string): number | null {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
	const startMs = Date.parse(`${text}T00:00:00Z`);
	// 2026-02-31 would be another day.
	return Number.isNaN(startMs) || !new Date(startMs).toISOString().startsWith(text) ? null : startMs;
}

const HAS_REJECTED_FOR = `EXISTS (SELECT 1 FROM rejects WHERE rejects.run = runs.number AND reason LIKE ? ESCAPE '\\')`;

/** A file whose report lists such a record. */
const REJECTED_FOR = `EXISTS (SELECT 1 FROM rejects WHERE rejects.run = files.run AND rejects.position = files.position AND reason LIKE ? ESCAPE '\\')`;

const negated = ({sql, values}: RunCondition): RunCondition => ({sql: `NOT ${sql}`, values});

function withFile(conditions: readonly RunCondition[]): RunCondition {
	const {sql, values} = joinConditions(conditions, 'TRUE');
	return {sql: `EXISTS (SELECT 1 FROM files WHERE files.run = runs.number AND ${sql})`, values};
}

function joinConditions(conditions: readonly RunCondition[], none: string): RunCondition {
	if (conditions.length === 0) return {sql: none, values: []};
	return {
		sql: conditions.map(({sql}) => sql).join(' AND '),
		values: conditions.flatMap(({values}) => values),
	};
}

/** Columns of files, and keys of totals, by the names of the filter. */
const FIGURE_COLUMNS = {size: 'bytes', rows: 'rows', rejected: 'rejected_rows'} as const;

/** Figures are those of the run, as it is listed; `null` for what is asked of single files. */
function conditionOfRun(test: FilterTerm['test']): RunCondition | null {
	if (test.type !== 'figure' || test.figure === 'attempts') return null;
	const column = FIGURE_COLUMNS[test.figure];
	// A run without an end has no totals yet.
	const soFar = `(SELECT total(${column}) FROM files WHERE files.run = runs.number)`;
	const sql = `(coalesce(json_extract(totals, '$.${column}'), ${soFar}) ${test.operator} ?)`;
	return {sql, values: [test.value]};
}

function conditionOf(test: FilterTerm['test']): RunCondition {
	switch (test.type) {
		case 'text': {
			const pattern = containing(test.text);
			const parts = ['file', 'code'].map(column => `${inAnyCase(column, test.text)} LIKE ? ESCAPE '\\'`);
			return {sql: `(${parts.join(' OR ')})`, values: [pattern, pattern]};
		}
		case 'status': {
			const parts = test.statuses.map(statusCondition);
			return {sql: `(${parts.join(' OR ')})`, values: []};
		}
		case 'analysis': {
			const parts = test.beginnings.map(() => `' ' || analyses LIKE ? ESCAPE '\\'`);
			return {sql: `(${parts.join(' OR ')})`, values: test.beginnings.map(text => `% ${escapePattern(text)}%`)};
		}
		case 'figure':
			return {sql: `attempts ${test.operator} ?`, values: [test.value]};
	}
}

/**
LIKE ignores the case of ASCII letters alone. A text with others can only be in one with others, and few names have any: the rest are
not handed to JavaScript, which takes ten times as long as LIKE does.
*/
const inAnyCase = (column: string, text: string): string =>
	/^[\0-\x7f]*$/.test(text) ? column : `iif(length(${column}) < octet_length(${column}), lower_case(${column}), NULL)`;

const escapePattern = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
const containing = (text: string): string => `%${escapePattern(text)}%`;

type StatusName = Extract<FilterTerm['test'], {type: 'status'}>['statuses'][number];

function statusCondition(status: StatusName): string {
	switch (status) {
		case 'completed':
		case 'failed':
		case 'cancelled':
		case 'skipped':
			return `status = '${status}'`;
		case 'done':
			return `(status = 'completed' AND no_record IS NULL)`;
		case 'rejected':
		case 'header-only':
			return `no_record = '${status}'`;
		case 'empty':
			return `no_record IN ('empty', 'header-only')`;
		case 'queued':
		case 'running':
		case 'paused':
		case 'retrying':
			// Files have rows here when they have ended.
			return 'FALSE';
	}
}
