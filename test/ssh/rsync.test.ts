// rsync, which sends files in by SSH: what of it is taken; its wire, whatever the pieces that it comes in; and the real one.
import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {constants, deflateRawSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {ROLES} from '../../source/server/roles.ts';
import {contentOf} from '../../source/ssh/rsync/file-content.ts';
import {readFileList} from '../../source/ssh/rsync/file-list.ts';
import {Md4} from '../../source/ssh/rsync/md4.ts';
import {isRsync, readRsyncRequest} from '../../source/ssh/rsync/read-request.ts';
import {RsyncFault, WireReader} from '../../source/ssh/rsync/wire.ts';
import {type Ending, startProgram} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {serveSsh} from '../helpers/served-ssh.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {whyNoSsh} from '../helpers/ssh.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const whyNoRsync = (() => {
	try {
		execFileSync('rsync', ['--version'], {stdio: 'ignore'});
		return whyNoSsh;
	} catch {
		console.warn('There is no rsync here, so tests with it are skipped.');
		return 'rsync is not installed';
	}
})();

describe('what is asked for', () => {
	test('files that come in are taken, however rsync has written it down', () => {
		const nothing = {owners: false, groups: false, devices: false, links: false, sums: false};
		const plain = {path: 'unprocessed/', has: nothing, isCompressed: false, isDryRun: false};
		const archive = {...nothing, owners: true, groups: true, devices: true, links: true};
		expect(readRsyncRequest('rsync --server -e.LsfxCIvu . unprocessed/')).toEqual(plain);
		expect(readRsyncRequest('rsync --server -tre.iLsfxCIvu --partial --log-format=%i . unprocessed/')).toEqual(plain);
		expect(readRsyncRequest('rsync --server -vlogDtprze.iLsfxCIvu . a\\ b')).toEqual({
			...{...plain, path: 'a b', has: archive, isCompressed: true},
		});
		expect(readRsyncRequest('rsync --server -ncr . unprocessed/')).toEqual({
			...{...plain, has: {...nothing, sums: true}, isDryRun: true},
		});
		expect([isRsync('rsync --server'), isRsync('rsyncd'), isRsync('status rsync ')]).toEqual([true, false, false]);
	});

	test('whatever reads, removes or changes something here is refused, and what nobody knows', () => {
		const refused = {
			'rsync --server --sender -e.L . processed/a.csv': 'sftp and scp fetch',
			'rsync -rt /etc/passwd unprocessed/': 'only what another rsync starts',
			'rsync --daemon': 'only what another rsync starts',
			"rsync --server -r . 'open": 'only what another rsync starts',
			'rsync --server -r .': 'One place is expected',
			'rsync --server -r . a b': 'One place is expected',
			'rsync --server -r unprocessed/': "rsync's unprocessed/ is not taken",
			'rsync --server -se.LsfxCIvu': "rsync's -s is not taken",
			'rsync --server -r --compress-choice=zstd . a': "rsync's --compress-choice is not taken",
			'rsync --server -sr . a': "rsync's -s is not taken",
			'rsync --server -bR . a': "rsync's -b is not taken",
			...Object.fromEntries(
				[
					'delete',
					'inplace',
					'append',
					'remove-source-files',
					'files-from=/etc/passwd',
					'temp-dir=/tmp',
					'config=x',
				].map(word => [`rsync --server -r --${word} . a`, `rsync's --${word.replace(/=.*/, '')} is not taken`]),
			),
		};
		for (const [text, reason] of Object.entries(refused)) expect(readRsyncRequest(text), text).toContain(reason);
	});
});

/** A stream of these bytes in pieces of these sizes, one after the other and again. */
function wireOf(bytes: Buffer, sizes: readonly number[]): WireReader {
	const stream = new PassThrough({highWaterMark: 4});
	const send = async (): Promise<void> => {
		for (let at = 0, turn = 0; at < bytes.length; turn++) {
			const size = sizes[turn % sizes.length] ?? 1;
			if (!stream.write(bytes.subarray(at, at + size))) await new Promise(resolve => stream.once('drain', resolve));
			at += size;
		}
		stream.end();
	};
	void send();
	return new WireReader(stream, new AbortController().signal);
}

const int = (number: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(number);
	return bytes;
};

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of content) parts.push(part);
	return Buffer.concat(parts);
}

const sizes = fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 5});

describe('the wire', () => {
	test('sums are those of MD4', () => {
		// From RFC 1320.
		const known = {
			'': '31d6cfe0d16ae931b73c59d7e0c089c0',
			abc: 'a448017aaf21d8525fc10ae87aa6729d',
			'message digest': 'd9130a8164549fe818874806e1c7014b',
			ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789: '043f8582f241db351ce627e153e7f0e4',
			[`${'1234567890'.repeat(8)}`]: 'e33b4ddc9c38f2199c3e7b164fcc0536',
		};
		for (const [text, sum] of Object.entries(known))
			expect(new Md4().update(Buffer.from(text)).digest().toString('hex')).toBe(sum);
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 300}), fc.nat({max: 300}), (bytes, at) => {
				const [whole, parts] = [new Md4(), new Md4()];
				const all = Buffer.from(bytes);
				parts.update(all.subarray(0, at)).update(all.subarray(at));
				expect(parts.digest()).toEqual(whole.update(all).digest());
			}),
			{numRuns: randomCases(200)},
		);
	});

	test('content is the same in whatever pieces it comes, and nothing behind it is touched', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.uint8Array({minLength: 1, maxLength: 40})), sizes, async (parts, pieceSizes) => {
				const whole = Buffer.concat(parts);
				const plain = [...parts.flatMap(part => [int(part.length), Buffer.from(part)]), int(0), int(77)];
				const wire = wireOf(Buffer.concat(plain), pieceSizes);
				expect((await collect(contentOf(wire, false))).equals(whole)).toBe(true);
				expect(await wire.readInt()).toBe(77);

				const deflated = deflateRawSync(whole, {finishFlush: constants.Z_SYNC_FLUSH}).subarray(0, -4);
				const half = deflated.length >> 1;
				const runs = [deflated.subarray(0, half), deflated.subarray(half)].filter(run => run.length > 0);
				const packed = [...runs.flatMap(run => [Buffer.of(0x40 | (run.length >> 8), run.length & 0xff), run])];
				const other = wireOf(Buffer.concat([...packed, Buffer.of(0), int(77)]), pieceSizes);
				expect((await collect(contentOf(other, true))).equals(whole)).toBe(true);
				expect(await other.readInt()).toBe(77);
			}),
			{numRuns: randomCases(100)},
		);
	});

	test('whatever comes, it is a list, content, or told to be neither', async () => {
		const has = {owners: true, groups: true, devices: true, links: true, sums: true};
		const wrong = async (perform: () => Promise<unknown>): Promise<void> => {
			const error = await perform().then(
				() => null,
				(reason: unknown) => reason,
			);
			if (error !== null) expect(error).toBeInstanceOf(RsyncFault);
		};
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({maxLength: 200}), sizes, async (bytes, pieceSizes) => {
				const all = Buffer.from(bytes);
				await wrong(() => readFileList(wireOf(all, pieceSizes), has));
				for (const isCompressed of [false, true])
					await wrong(() => collect(contentOf(wireOf(all, pieceSizes), isCompressed)));
			}),
			{numRuns: randomCases(200)},
		);
	});
});

/** Starts rsync with a key of its own. */
async function openRsync(server: TestServer, options: string, watchedFolder: string | null = null) {
	const folder = createTemporaryFolder();
	const ssh = await serveSsh(server, {watchedFolder});
	onTestFinished(() => expect(ssh.faults).toEqual([]));
	const keyOf = (key: string, about: string): string => {
		writeFileSync(folder.at(key), ssh.letIn(about).privateText, {mode: 0o600});
		return [
			`ssh -p ${ssh.port} -i ${folder.at(key)} -F none -o BatchMode=yes -o LogLevel=ERROR -o IdentitiesOnly=yes`,
			`-o StrictHostKeyChecking=no -o UserKnownHostsFile=${folder.at('known')}`,
		].join(' ');
	};
	const usual = keyOf('key', options);
	const start = (words: readonly string[], shell = usual) =>
		startProgram('rsync', ['-e', shell, ...words], {input: '', cwd: folder.path});
	const rsync = (words: readonly string[], shell = usual): Promise<Ending> => start(words, shell).ended;
	return {folder, start, rsync, keyOf};
}

describe.skipIf(whyNoRsync !== null)('the real one', () => {
	test('files and folders come as they are, and end as those that come by SFTP', async () => {
		const server = await startTestServer({maxUploadBytes: 20_000_000});
		const {token} = server.seat('ann');
		const {folder, rsync} = await openRsync(server, 'role=user,user="ann"');
		const filesOf = async () =>
			new Map(
				(await server.ask('GET', '/api/v1/files', {token})).json.files.map(
					(file: {relative_path: string | null; name: string; size: number}) => [
						file.relative_path ?? file.name,
						file.size,
					],
				),
			);
		const line = 't1,c1,1.25,2024-01-01,food\n';
		const large = Buffer.concat([Buffer.from(GOOD_FILE), Buffer.alloc(5_000_000, line)]);
		mkdirSync(folder.at('many/y/z'), {recursive: true});
		mkdirSync(folder.at('many/empty'));
		writeFileSync(folder.at('a.csv'), GOOD_FILE);
		writeFileSync(folder.at('many/large.csv'), large);
		for (const name of ['many/y/b.csv', 'many/y/z/c.csv', 'many/y.csv', 'many/ä ö.csv', 'many/-rf.csv'])
			writeFileSync(folder.at(name), `${GOOD_FILE}${line}`);
		writeFileSync(folder.at('many/none.csv'), '');
		symlinkSync('/etc/passwd', folder.at('many/passwd'));
		utimesSync(folder.at('a.csv'), 1_000_000_000, 1_000_000_000);

		const one = await rsync(['a.csv', 'ann@127.0.0.1:unprocessed/']);
		expect(one, one.stderr).toMatchObject({code: 0, stderr: ''});
		const named = await rsync(['-t', 'a.csv', 'ann@127.0.0.1:unprocessed/named.csv']);
		expect(named, named.stderr).toMatchObject({code: 0});
		expect([...(await filesOf()).keys()]).toEqual(['a.csv', 'named.csv']);
		const rest = {'y/b.csv': 1, 'y/z/c.csv': 1, 'y.csv': 1, 'ä ö.csv': 1, '-rf.csv': 1, 'large.csv': 1, 'none.csv': 1};
		const bytes = GOOD_FILE.length + line.length;
		for (const [place, flags] of [
			['plain', '-rt'],
			['whole', '-avP'],
			['packed', '-avvz'],
			['anew', '-azz'],
			['summed', '-aci'],
		] as const) {
			const sent = await rsync([flags, 'many/', `ann@127.0.0.1:unprocessed/${place}/`]);
			expect(sent, sent.stderr).toMatchObject({code: 0});
			const found = await filesOf();
			for (const name of Object.keys(rest)) {
				const size = name === 'large.csv' ? large.length : name === 'none.csv' ? 0 : bytes;
				expect([name, found.get(`${place}/${name}`)]).toEqual([name, size]);
			}
			if (flags.includes('a')) expect(sent.stdout).toContain('Links, devices and the like are not taken: 1.');
		}
		expect((await filesOf()).size).toBe(2 + 5 * Object.keys(rest).length);
		// Two of one name, of which the first one counts there as well.
		const twice = await rsync(['a.csv', 'many/y.csv', 'many/y', 'ann@127.0.0.1:unprocessed/', '-r']);
		expect(twice, twice.stderr).toMatchObject({code: 0});
		const before = (await filesOf()).size;
		const asked = await rsync(['-rtvn', 'many/', 'ann@127.0.0.1:unprocessed/asked/']);
		expect(asked).toMatchObject({code: 0, stdout: expect.stringContaining('y/z/c.csv')});
		expect((await filesOf()).size).toBe(before);
		const {stdout} = await vi.waitFor(async () => {
			const answer = await server.ask('GET', '/api/v1/files', {token});
			expect(answer.json.files.filter((file: {status: string}) => file.status === 'COMPLETED').length).toBe(
				answer.json.files.length,
			);
			return {stdout: answer.json.files};
		}, PATIENT);
		expect(stdout.find((file: {name: string}) => file.name === 'a.csv')).toMatchObject({source: 'put'});
	});

	test('what each role may do', async () => {
		const server = await startTestServer();
		const [owner, ...others] = ROLES;
		const {folder, rsync, keyOf} = await openRsync(server, `role=admin,user="${owner}"`);
		writeFileSync(folder.at('a.csv'), GOOD_FILE);
		const found: Record<string, unknown> = {};
		for (const role of [owner, ...others]) {
			const {token} = server.seat(role, role);
			const {code, stderr} = await rsync(
				['a.csv', `${role}@127.0.0.1:unprocessed/`],
				keyOf(role, `role=admin,user="${role}"`),
			);
			const {json} = await server.ask('GET', '/api/v1/files', {token});
			found[role] = {isTaken: code === 0, kept: json.files.length};
			if (role === 'viewer') expect(stderr).toContain('The role viewer may not send files in.');
		}
		const may = {isTaken: true, kept: 1};
		expect(found).toEqual({
			...{viewer: {isTaken: false, kept: 0}, uploader: may, user: may, operator: may, admin: may},
		});
	});

	test('limits hold, nothing leads elsewhere, and what is not taken is told', async () => {
		const server = await startTestServer({maxUploadBytes: 100_000});
		const {token} = server.seat('ann');
		const {folder, rsync} = await openRsync(server, 'role=user,user="ann"');
		writeFileSync(folder.at('a.csv'), GOOD_FILE);
		writeFileSync(folder.at('b-large.csv'), Buffer.alloc(3_000_000, 'a,b\n'));
		writeFileSync(folder.at('c.csv'), GOOD_FILE);
		for (const flags of ['-t', '-tz']) {
			const sent = await rsync([flags, 'a.csv', 'b-large.csv', 'c.csv', 'ann@127.0.0.1:unprocessed/']);
			expect(sent.code, sent.stderr).toBe(23);
			expect(sent.stderr).toContain('unprocessed/b-large.csv: A file may have 100000 bytes at most');
		}
		const names = async () =>
			(await server.ask('GET', '/api/v1/files', {token})).json.files.map((file: {name: string}) => file.name);
		expect(await names()).toEqual(['a.csv', 'c.csv', 'a.csv', 'c.csv']);
		for (const [place, reason] of [
			['', 'Files go into unprocessed/'],
			['processed/', 'Files go into unprocessed/'],
			['/etc/', 'There is no such file'],
			['../../etc/x.csv', 'There is no such file'],
		] as const) {
			const sent = await rsync(['a.csv', `ann@127.0.0.1:${place}`]);
			expect([place, sent.code, sent.stderr]).toEqual([place, 23, expect.stringContaining(reason)]);
		}
		for (const [words, reason] of [
			[['--delete', '-r', '.', 'ann@127.0.0.1:unprocessed/'], "rsync's --delete"],
			[['--inplace', 'a.csv', 'ann@127.0.0.1:unprocessed/'], "rsync's --inplace is not taken here"],
			[['ann@127.0.0.1:processed/a.csv', '.'], 'sftp and scp fetch'],
		] as const) {
			const sent = await rsync(words);
			expect(sent.code).not.toBe(0);
			expect(sent.stderr).toContain(reason);
		}
		expect(await names()).toHaveLength(4);
	});

	test('nothing is left of a file that was broken off', async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		const {folder, start} = await openRsync(server, 'role=user,user="ann"');
		writeFileSync(folder.at('large.csv'), Buffer.alloc(50_000_000, 't1,c1,1.25,2024-01-01,food\n'));
		const usage = async () => (await server.ask('GET', '/api/v1/usage', {token})).json;
		const slow = start(['--bwlimit=2000', 'large.csv', 'ann@127.0.0.1:unprocessed/']);
		await vi.waitFor(async () => expect((await usage()).bytes.used).toBeGreaterThan(0), PATIENT);
		slow.kill('SIGKILL');
		await slow.ended;
		await vi.waitFor(async () => expect(await usage()).toMatchObject({files: {used: 0}, bytes: {used: 0}}), PATIENT);
		expect((await server.ask('GET', '/api/v1/files', {token})).json.files).toEqual([]);
	});

	test('without accounts they go into the watched folder', async () => {
		const root = createTemporaryFolder().at('inbox');
		const inbox = await openInbox(root, readWatchFlags({settle: 0, poll: 0.1}, []), {threads: 1}, () => {});
		onTestFinished(() => inbox.close());
		const server = await startTestServer({inbox: inbox.served, isOpen: true});
		const {folder, rsync} = await openRsync(server, 'role=uploader', root);
		mkdirSync(folder.at('many'));
		for (const name of ['many/a.csv', 'many/b.csv']) writeFileSync(folder.at(name), GOOD_FILE);
		const sent = await rsync(['-az', 'many/', 'ann@127.0.0.1:unprocessed/']);
		expect(sent, sent.stderr).toMatchObject({code: 0});
		const deeper = await rsync(['-a', 'many', 'ann@127.0.0.1:unprocessed/']);
		expect(deeper).toMatchObject({code: 23, stderr: expect.stringContaining('are put into unprocessed/ itself')});
		await vi.waitFor(() => expect(readdirSync(join(root, 'processed'))).toHaveLength(2), PATIENT);
	});
});
