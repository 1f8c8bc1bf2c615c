// Files of a run may be members of archives, as far as somebody opens them: here, from memory.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {PlanEntry} from '../../source/engine/plan/plan.ts';
import {startRun} from '../../source/engine/run/run.ts';
import {defaultLimits} from '../../source/engine/shared/limits.ts';
import type {SourceLocation} from '../../source/engine/shared/protocol.ts';
import {canReadAgain, fileNameOf, outerLocationOf, packedTarOf} from '../../source/engine/shared/source-location.ts';
import {type OpenAnySource, openSource} from '../../source/engine/worker/source/open-source.ts';
import type {Report} from '../../source/model/report.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {createLocalBackend} from '../helpers/local-backend.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table, transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createRemoteSource, failure, type RemotePlan} from '../helpers/remote-source.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const file: SourceLocation = {kind: 'file', path: 'a.zip'};
const stream: SourceLocation = {kind: 'stream', at: '/dev/fd/63'};
/** Of no archive that is there. */
const place = {
	format: 'zip',
	archiveIdentity: '',
	headerOffset: 0,
	packedBytes: 0,
	unpackedBytes: 0,
	method: 'stored',
	crc32: 0,
} as const;
const memberOf = (archive: SourceLocation, name = 'b.csv'): SourceLocation => ({kind: 'member', archive, name, place});

describe('the location of a member', () => {
	test('can be read again where its archive can, however deep it is', () => {
		const within = [file, memberOf(file), memberOf(memberOf(file)), stream, memberOf(stream)];
		expect(within.map(canReadAgain)).toEqual([true, true, true, false, false]);
		expect(canReadAgain(memberOf({kind: 'standard-input'}))).toBe(false);
	});

	test('has a name of its own, and is where its archive is', () => {
		expect(fileNameOf(memberOf(file))).toBe('b.csv');
		expect(outerLocationOf(memberOf(memberOf(file)))).toBe(file);
	});

	test('says in which packed tar archive it is', () => {
		const inTar = (packing: 'gzip' | null, archive: SourceLocation = file): SourceLocation => ({
			kind: 'member',
			archive,
			name: 'b.csv',
			place: {format: 'tar', archiveIdentity: 'one', packing, dataOffset: 512, unpackedBytes: 3},
		});
		expect([file, memberOf(file), inTar(null), inTar('gzip')].map(packedTarOf)).toEqual([
			null,
			null,
			null,
			'one a.zip',
		]);
		const linked = (path: string) => packedTarOf(inTar('gzip', {kind: 'file', path, name: 'a.tgz'}));
		expect(linked('1/a.tgz')).not.toBe(linked('2/a.tgz'));
	});

	test('is a mistake of the program where its archive is not a file', () => {
		expect(() => openSource(memberOf(memberOf(file)))).toThrow('Expected an archive that is a file');
	});
});

/** Serves members of one archive from memory; anything else is opened as always. */
function openMembers(
	members: ReadonlyMap<string, Uint8Array>,
	plan: RemotePlan,
	failures = new Set<string>(),
): OpenAnySource {
	return (location, limits = defaultLimits, onPackedRead) => {
		if (location.kind !== 'member') return openSource(location, limits, onPackedRead);
		const bytes = members.get(location.name);
		if (bytes === undefined) throw failure('ENOENT');
		// Each fails once.
		const failsAtRead = failures.delete(location.name) ? {failsAtRead: 0} : {};
		return createRemoteSource(bytes, {...plan, ...failsAtRead}).open(limits, onPackedRead);
	};
}

async function run(entries: readonly PlanEntry[], open: OpenAnySource): Promise<Report> {
	const collector = createReportCollector();
	const {done} = startRun({
		plan: {entries: [...entries], unmatched: []},
		paths: ['data'],
		version: '1.2.3',
		analyses: describeAnalyses(null),
		concurrency: 1,
		maxConcurrency: 1,
		threads: 1,
		retries: 1,
		timeoutMs: 60_000,
		readSettings: {...readDefaults, chunkBytes: 300, reader: 'kernel'},
		backend: createLocalBackend(open),
		random: () => 0,
		onEvent: event => collector.handle(event),
	});
	await done;
	return collector.report();
}

const entryOf = (name: string, source: SourceLocation, {length}: Uint8Array): PlanEntry => ({
	type: 'file',
	file: `a.zip/${name}`,
	source,
	bytesTotal: length,
});

/** All but what depends on the clock. */
const timeless = ({files, analyses, totals}: Report): unknown =>
	JSON.parse(JSON.stringify({files, analyses, totals}, (key, value) => (/^processing_time$/.test(key) ? 0 : value)));

const TABLE = Buffer.from(`${transactionHeader}\n1,c,2.50,2024-01-01,g\n`);

describe('a run of members', () => {
	const content = fc.oneof(
		table,
		table.map(bytes => gzipSync(bytes)),
		fc.constantFrom(Buffer.from(''), Buffer.from('a,b\n')),
	);
	const plan: fc.Arbitrary<RemotePlan> = fc.record({
		pieces: fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 3}),
		delays: fc.array(fc.nat({max: 1}), {minLength: 1, maxLength: 2}),
		isSeekable: fc.boolean(),
	});

	test('reports what a run of files with the same bytes reports', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(content, {minLength: 1, maxLength: 4}), plan, async (contents, plan) => {
				const folder = createTemporaryFolder();
				const names = contents.map((_, index) => `${index}.csv`);
				const members = new Map(contents.map((bytes, index) => [names[index] ?? '', bytes]));
				const entriesOf = (locate: (name: string) => SourceLocation): PlanEntry[] =>
					Array.from(members, ([name, bytes]) => entryOf(name, locate(name), bytes));
				for (const [name, bytes] of members) folder.write(name, bytes);
				const open = openMembers(members, plan);
				const ofMembers = await run(
					entriesOf(name => memberOf(file, name)),
					open,
				);
				const ofFiles = await run(
					entriesOf(name => ({kind: 'file', path: folder.at(name)})),
					open,
				);
				expect(timeless(ofMembers)).toEqual(timeless(ofFiles));
			}),
			{numRuns: randomCases(60)},
		);
	});

	test('tries a member again whose archive is a file, and no other one', async () => {
		const members = new Map([
			['again.csv', TABLE],
			['once.csv', TABLE],
		]);
		const open = openMembers(members, {pieces: [9], delays: [0]}, new Set(members.keys()));
		const {files} = await run(
			[
				entryOf('again.csv', memberOf(file, 'again.csv'), TABLE),
				entryOf('once.csv', memberOf(stream, 'once.csv'), TABLE),
			],
			open,
		);
		expect(files).toMatchObject([
			{status: 'completed', attempts: 2, rows: 1},
			{status: 'failed', attempts: 1, error: {code: 'EIO'}},
		]);
	});

	test('fails a member that the archive does not have', async () => {
		const {files} = await run(
			[entryOf('gone.csv', memberOf(file, 'gone.csv'), TABLE)],
			openMembers(new Map(), {pieces: [9], delays: [0]}),
		);
		expect(files).toMatchObject([{file: 'a.zip/gone.csv', status: 'failed', error: {code: 'ENOENT'}}]);
	});
});
