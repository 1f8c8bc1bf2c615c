import {statSync} from 'node:fs';
import {expect, test} from 'vitest';
import {openToRead, openToWrite} from '../../source/ledger/open-database.ts';
import {nameProcess} from '../../source/ledger/process-name.ts';
import {pruneLedger} from '../../source/ledger/prune-ledger.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-11-29T12:00:00Z');

/** A ledger of runs, each so many days old and with 200 kB of events; a negative number is a run that is still going on. */
function createLedger(ages: readonly number[]): string {
	const path = createTemporaryFolder().at('ledger.db');
	const database = openToWrite(path);
	for (const age of ages) {
		const status = age < 0 ? 'running' : 'completed';
		const {lastInsertRowid: run} = database
			.prepare(
				`INSERT INTO runs (id, started_at, status, folder, paths, settings, process, version) VALUES (?, ?, ?, '/', '[]', '{}', ?, '0')`,
			)
			.run(String(age), now - Math.abs(age) * DAY_MS, status, nameProcess());
		database.prepare('INSERT INTO events (run, number, lines) VALUES (?, 0, ?)').run(run, Buffer.alloc(200_000, 'x'));
	}
	database.close();
	return path;
}

function idsIn(path: string): unknown[] {
	const database = openToRead(path);
	const rows = database
		.prepare('SELECT id, (SELECT count(*) FROM events WHERE run = runs.number) AS events FROM runs ORDER BY number')
		.all();
	database.close();
	expect(rows.every(({events}) => events === 1)).toBe(true);
	return rows.map(({id}) => Number(id));
}

test('runs that are old enough go, with all that belongs to them, and their room is given back', () => {
	const path = createLedger([40, 30, 29, 0, -50]);
	const before = statSync(path).size;
	const {removedRuns, bytesBefore, bytesAfter} = pruneLedger(path, {keepDays: 30, keepSizeBytes: null}, now);
	expect(removedRuns).toBe(1);
	expect(idsIn(path)).toEqual([30, 29, 0, -50]);
	expect(bytesBefore).toBe(before);
	expect(bytesAfter).toBe(statSync(path).size);
	expect(before - bytesAfter).toBeGreaterThan(200_000);
});

test('0 days keeps all', () => {
	const path = createLedger([40, 30]);
	expect(pruneLedger(path, {keepDays: 0, keepSizeBytes: null}, now)).toMatchObject({removedRuns: 0});
	expect(idsIn(path)).toEqual([40, 30]);
});

test('the oldest go until the rest is no larger than it may be', () => {
	const ages = [1, 40, 30, 2];
	const {bytesAfter: ofTwo} = pruneLedger(createLedger(ages), {keepDays: 10, keepSizeBytes: null}, now);
	const path = createLedger(ages);
	// How large pages of SQLite are.
	const {removedRuns, bytesAfter} = pruneLedger(path, {keepDays: null, keepSizeBytes: ofTwo + 4096}, now);
	expect(removedRuns).toBe(2);
	expect(bytesAfter).toBeLessThanOrEqual(ofTwo + 4096);
	expect(idsIn(path)).toEqual([1, 2]);
});
