// Several that write to one log: their copies are equal, what was acknowledged is in all of them once, what was refused in none; whoever dies, and whatever
// becomes of the connections.
import fc from 'fast-check';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {AuditReader, verifyChain} from '../../../source/ledger/audit-chain.ts';
import type {NamedChange} from '../../../source/ledger/named-writer.ts';
import {hasPostgres, type QueueServer, startPostgres} from '../../helpers/queue-servers.ts';
import {type Defect, type Fault, newLog, TestCopy} from '../../helpers/shared-copies.ts';
import {createTemporaryFolder} from '../../helpers/temporary-folder.ts';

const COPIES = 3;

interface Step {
	readonly copy: number;
	/** In one transaction, each as one of `MAKERS`. */
	readonly commits: readonly {readonly maker: number; readonly name: number}[];
	readonly fault: Fault | null;
}

const account = (id: string, name: string): NamedChange => ({
	statement: 'addAccount',
	values: [id, name, 'hash', 'user', 1_700_000_000_000, 0],
});

/** By the number of the commit, and of a name that others have, too. */
const MAKERS: readonly ((id: string, name: string) => readonly NamedChange[])[] = [
	() => [{statement: 'addAuditLine', values: ['{"action":"log-in"}'], rows: 1}],
	// One of them has the name.
	(id, name) => [account(id, name)],
	// Is refused where nobody has it.
	(_, name) => [{statement: 'holdAccount', values: [name, 'user', 0], rows: 1}],
	(id, name) => [account(name, `${name}!`), {statement: 'addEvent', values: [id, null, `second of ${id}`]}],
	(id, name) => [
		{
			statement: 'addUpload',
			values: [id, name, 5_000_000_000, Buffer.from([0, 255, ...Buffer.from(id)]).toString('base64'), 1, null],
		},
	],
];

const steps = fc.array(
	fc.record({
		copy: fc.nat(COPIES - 1),
		commits: fc.array(fc.record({maker: fc.nat(MAKERS.length - 1), name: fc.nat(3)}), {minLength: 1, maxLength: 3}),
		fault: fc.option(fc.constantFrom<Fault[]>('cut-within', 'cut-before', 'cut-after', 'die'), {freq: 3}),
	}),
	{minLength: 6, maxLength: 24},
);

/** @throws {Error} Where the law does not hold. */
async function assertLaw(url: string, script: readonly Step[], folder: string, defect?: Defect): Promise<void> {
	await newLog(url);
	const copies = await Promise.all(
		Array.from({length: COPIES}, (_, index) =>
			TestCopy.open(`${folder}/${crypto.randomUUID()}-${index}.db`, url, defect),
		),
	);
	try {
		const [acknowledged, refused] = [new Set<string>(), new Set<string>()];
		await Promise.all(
			copies.map(async (copy, index) => {
				for (const [number, {commits, fault}] of script.filter(step => step.copy === index).entries()) {
					const ids = commits.map((_, place) => `c${index}-${number}-${place}`);
					const outcomes = await copy.write(
						commits.map(({maker, name}, place) => {
							const id = ids[place] ?? '';
							const made = MAKERS[maker]?.(id, `name${name}`) ?? [];
							return [...made, {statement: 'addEvent', values: ['ann', null, id]}];
						}),
						fault,
					);
					for (const [place, outcome] of (outcomes ?? []).entries())
						(outcome === null ? acknowledged : refused).add(ids[place] ?? '');
				}
			}),
		);
		for (const copy of copies) await copy.catchUp();
		const [first, ...others] = copies.map(copy => copy.dump());
		for (const other of others) expect(other).toBe(first);
		for (const copy of copies) {
			const count = (id: string) => copy.count('SELECT count(*) AS count FROM server_events WHERE line = ?', id);
			for (const id of acknowledged) expect(`${id} ${count(id)}`).toBe(`${id} 1`);
			for (const id of refused) expect(`${id} ${count(id)}`).toBe(`${id} 0`);
			const audit = new AuditReader(copy.path);
			expect(verifyChain(audit.lines(), null).fault).toBeNull();
			audit.close();
		}
	} finally {
		await Promise.all(copies.map(copy => copy.close()));
	}
}

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
	let server: QueueServer;
	beforeAll(async () => {
		server = await startPostgres();
	});
	afterAll(() => server?.close());

	test('any interleaving, with any faults, keeps the law', {timeout: 600_000}, async () => {
		const {path} = createTemporaryFolder();
		await fc.assert(
			fc.asyncProperty(steps, script => assertLaw(server.url, script, path)),
			{numRuns: 12},
		);
	});

	test('an entry is never written without the lock, where the connection is lost behind it', {
		timeout: 600_000,
	}, async () => {
		const {path} = createTemporaryFolder();
		await assertLaw(server.url, scriptWith('cut-within'), path);
		const client = new pg.Client(server.url);
		await client.connect();
		const {rows} = await client.query('SELECT count(*)::integer AS count FROM fileproc.entries');
		await client.end();
		// The first step of each copy alone; one of these is refused.
		expect(rows).toEqual([{count: COPIES - 1}]);
	});

	/** Each step of each copy with the same fault. */
	const scriptWith = (fault: Fault | null): readonly Step[] =>
		Array.from({length: 12}, (_, index) => ({
			...{copy: index % COPIES, fault: index > 2 ? fault : null},
			commits: [{maker: index % MAKERS.length, name: index % 4}],
		}));

	test.each<[string, Fault | null, Defect]>([
		[
			'takes a lost connection for a success',
			'cut-before',
			log => ({...log, commit: () => log.commit().catch(() => {})}),
		],
		[
			'takes a lost connection for a refusal',
			'cut-after',
			log => {
				// What is looked up afterwards is not told.
				let isLost = false;
				return {
					...log,
					commit: () =>
						log.commit().catch((error: unknown) => {
							isLost = true;
							throw error;
						}),
					async begin(from) {
						const found = await log.begin(from);
						return isLost ? {...found, entries: found.entries.slice(0, 1)} : found;
					},
				};
			},
		],
		[
			'does not look at what others have written',
			null,
			log => {
				let known = 0;
				return {
					...log,
					async begin(from) {
						const found = await log.begin(from);
						// As it was when it looked last.
						return {entries: found.entries.filter(({number}) => number <= known), isAll: true};
					},
					async read(from) {
						const found = await log.read(from);
						known = Math.max(known, ...found.entries.map(({number}) => number));
						return found;
					},
				};
			},
		],
	])('the law finds one that %s', {timeout: 600_000}, async (_, fault, defect) => {
		const {path} = createTemporaryFolder();
		await expect(assertLaw(server.url, scriptWith(fault), path, defect)).rejects.toThrow();
		await assertLaw(server.url, scriptWith(fault), path);
	});

	test('a log that was set back is not gone on with', async () => {
		const {path} = createTemporaryFolder();
		await newLog(server.url);
		const copy = await TestCopy.open(`${path}/a.db`, server.url);
		onTestFinished(() => copy.close());
		const event: NamedChange = {statement: 'addEvent', values: ['ann', null, 'one']};
		await copy.write([[event]], null);
		await newLog(server.url);
		await expect(copy.write([[event]], null)).rejects.toThrow(/set back to an earlier state/);
		const other = await TestCopy.open(`${path}/b.db`, server.url);
		onTestFinished(() => other.close());
		await other.write([[event]], null);
		await expect(copy.catchUp()).rejects.toThrow(/entry 1 of the log is another one/);
		await expect(copy.write([[event]], null)).rejects.toThrow(/another one/);
		// It is told, and writes nothing.
		expect(copy.count('SELECT count(*) AS count FROM server_events')).toBe(1);
	});

	test('a copy that is far behind takes over all, and is told of it in order', async () => {
		const {path} = createTemporaryFolder();
		await newLog(server.url);
		const [one, other] = await Promise.all(['a.db', 'b.db'].map(name => TestCopy.open(`${path}/${name}`, server.url)));
		if (one === undefined || other === undefined) throw new Error('Expected two');
		onTestFinished(() => one.close());
		onTestFinished(() => other.close());
		const event = (line: number): NamedChange => ({statement: 'addEvent', values: ['ann', null, String(line)]});
		for (let line = 0; line < 600; line++) await one.write([[event(line)]], null);
		await other.write([[event(600)]], null);
		await one.catchUp();
		expect(other.dump()).toBe(one.dump());
		expect(other.applied.map(({values}) => Number(values[2]))).toEqual(Array.from({length: 600}, (_, line) => line));
		expect(one.applied.map(({values}) => values[2])).toEqual(['600']);
	});
});
