import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Claim, readClaims} from '../../source/ledger/claims-reader.ts';
import {FILES_LISTED, LiveStatistics, readStatistics} from '../../source/watch/statistics.ts';
import {claimOf, createWatchedFolder, saveClaim, undecided} from '../helpers/claims.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const createLedger = () => createWatchedFolder(createTemporaryFolder()).ledger;

test('files are counted by status and tag, and times are exact', () => {
	const ledger = createLedger();
	for (let index = 1; index <= 100; index++)
		saveClaim(ledger, claimOf(`c${index}`, {startedAt: 10_000, decidedAt: 10_000 + index * 10}));
	saveClaim(
		ledger,
		claimOf('bad', {
			status: 'failed',
			code: 'BINARY',
			message: 'It is no text.',
			tag: null,
			decidedAt: 20_000,
			startedAt: 19_000,
		}),
	);
	saveClaim(ledger, claimOf('twin', {status: 'duplicate', duplicateOf: 'c1', startedAt: 0}));
	saveClaim(ledger, claimOf('now', {...undecided, arrivedAt: 19_500, step: 'analyze'}));
	const figures = readStatistics(readClaims(ledger), {now: 21_000, startedAt: 10_500});
	expect(figures).toMatchObject({
		files: {processing: 1, completed: 100, failed: 1, duplicate: 1},
		bytes: {processing: 100, completed: 10_000, failed: 100, duplicate: 100},
		rows: {read: 1020, rejected: 102},
		tags: [
			{tag: 'transactions', completed: 100, failed: 0, duplicate: 1},
			{tag: null, completed: 0, failed: 1, duplicate: 0},
		],
		success_rate: 100 / 101,
		// The 101st is that of the failed file: 1 s.
		processing_time: {files: 101, mean: 0.51, p50: 0.51, p95: 0.96, p99: 1},
		throughput: {since_start: {files: 52, bytes: 5200}, last_minute: {files: 102, bytes: 10_200}},
		last_error: {
			file: 'bad.csv',
			claim: 'bad',
			code: 'BINARY',
			message: 'It is no text.',
			at: '1970-01-01T00:00:20.000Z',
		},
		processing: [{file: 'now.csv', claim: 'now', state: 'claimed', step: 'analyze', age: 1.5}],
	});
});

test('of an empty ledger nothing is made up', () => {
	const figures = readStatistics(readClaims(createLedger()), {now: 1000, startedAt: null});
	expect(figures).toMatchObject({
		success_rate: null,
		last_error: null,
		processing_time: {files: 0, mean: null, p50: null, p95: null, p99: null},
		throughput: {since_start: {files: 0, bytes: 0}},
	});
});

test('a minute and an hour end to the second', () => {
	const ledger = createLedger();
	const now = 7_200_500;
	for (const [id, ago] of [
		['a', 0],
		['b', 59_500],
		['c', 60_501],
		['d', 3_599_500],
		['e', 3_600_501],
	] as const)
		saveClaim(ledger, claimOf(id, {decidedAt: now - ago}));
	const {throughput} = readStatistics(readClaims(ledger), {now, startedAt: null});
	expect([throughput.last_minute.files, throughput.last_hour.files]).toEqual([2, 4]);
});

test('counted as claims change, the figures are those of the ledger', () => {
	const step = fc.record({
		waitMs: fc.oneof(fc.nat(3000), fc.nat(600_000), fc.constant(0)),
		which: fc.nat(5),
		bytes: fc.nat(1000),
		tag: fc.constantFrom('transactions', 'lines', null),
		status: fc.constantFrom('completed', 'failed', 'duplicate'),
		restarts: fc.integer({min: 0, max: 9}).map(number => number === 0),
	});
	fc.assert(
		fc.property(fc.array(step, {maxLength: 40}), steps => {
			const ledger = createLedger();
			const claims = readClaims(ledger);
			let now = 50_000_000;
			let startedAt = now;
			let live = new LiveStatistics(claims, startedAt);
			const open: Claim[] = [];
			let count = 0;
			const put = (claim: Claim): Claim => {
				live.put(saveClaim(ledger, claim));
				return claim;
			};
			for (const {waitMs, which, bytes, tag, status, restarts} of steps) {
				now += waitMs;
				const claim = open[which];
				if (claim === undefined) {
					const intended = {...undecided, state: 'intended', bytes, tag: null, arrivedAt: now - 10} as const;
					open.push(put(claimOf(`c${++count}`, intended)));
				} else if (claim.state === 'intended') {
					open[which] = put({...claim, state: 'claimed'});
				} else if (claim.startedAt === null) {
					open[which] = put({...claim, startedAt: now, attempts: claim.attempts + 1});
				} else if (claim.state === 'claimed') {
					const isFailed = status === 'failed';
					open[which] = put({
						...{...claim, state: 'decided', status, tag, decidedAt: now, rows: bytes, rejectedRows: 1},
						...{code: isFailed ? 'BINARY' : null, message: isFailed ? 'no' : null},
					});
				} else {
					put({...claim, state: 'finished', finishedAt: now});
					open.splice(which, 1);
				}
				if (restarts) {
					startedAt = now;
					live = new LiveStatistics(claims, startedAt);
				}
				expect(live.figures(now)).toEqual(readStatistics(claims, {now, startedAt}));
			}
			ledger.close();
		}),
		{numRuns: randomCases(15)},
	);
});

test('a claim that is put twice counts once', () => {
	const ledger = createLedger();
	const live = new LiveStatistics(readClaims(ledger), 0);
	const claim = claimOf('c1', {state: 'decided', finishedAt: null});
	for (const each of [claim, claim, {...claim, state: 'finished'} as const]) live.put(saveClaim(ledger, each));
	expect(live.figures(5000).files.completed).toBe(1);
	expect(live.figures(5000)).toEqual(readStatistics(readClaims(ledger), {now: 5000, startedAt: 0}));
});

test('failed claims that are tried again do not count until they are back, in whatever order that happens', () => {
	fc.assert(
		fc.property(fc.array(fc.nat(29), {maxLength: 60}), picks => {
			const ledger = createLedger();
			const claims = readClaims(ledger);
			for (let index = 0; index < 30; index++) {
				const failed = {status: 'failed', code: 'BINARY', message: 'no', decidedAt: 4000 + index} as const;
				saveClaim(ledger, claimOf(`c${index}`, {...failed, tag: index % 3 === 0 ? null : 'lines', bytes: index}));
			}
			const live = new LiveStatistics(claims, 0);
			const readFailed = () => claims.list({statuses: ['failed'], limit: FILES_LISTED});
			for (const pick of picks) {
				const before = claims.find(`c${pick}`);
				if (before === null) throw new Error('Expected the claim to be there');
				const isBack = before.retriedBy !== null;
				const claim = saveClaim(ledger, {...before, retriedBy: isBack ? null : 'new'});
				if (isBack) live.restored(claim, readFailed);
				else live.retried(before, readFailed);
				expect(live.figures(5000)).toEqual(readStatistics(claims, {now: 5000, startedAt: 0}));
			}
			ledger.close();
		}),
		{numRuns: randomCases(10)},
	);
});
