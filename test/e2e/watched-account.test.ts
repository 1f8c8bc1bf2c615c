// The checker of watched folders is itself checked: what it is to find is done to a folder that is in order.
import {
	copyFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {beforeAll, expect, onTestFinished, test} from 'vitest';
import {createFolder, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {accountFor, type Drop} from '../helpers/watched-account.ts';

const drops: readonly Drop[] = [
	['one.csv', transactions(10)],
	['same.csv', transactions(10)],
	['other.csv', transactions(25)],
	['bad.csv', WITHOUT_AMOUNT],
	['sub/deep.csv', transactions(7)],
].map(([name = '', text = '']) => ({name: Buffer.from(name), body: Buffer.from(text)}));

/** A folder in which all of them were worked off. */
async function workedOff(): Promise<string> {
	const root = mkdtempSync(join(tmpdir(), 'fileproc-e2e-'));
	mkdirSync(join(root, 'unprocessed/sub'), {recursive: true});
	for (const {name, body} of drops) writeFileSync(join(root, 'unprocessed', name.toString()), body);
	await startWatching(root, {flags: ['--once', '--recursive']}).ended;
	return root;
}

interface Scene {
	readonly root: string;
	/** The path of the file of a name, in `processed`, `results` or another folder. */
	readonly find: (folder: string, name: string) => string;
	readonly run: (sql: string) => void;
}

/** What goes wrong, and a part of what is said of it. */
const TAMPERINGS: Readonly<Record<string, readonly [(scene: Scene) => void, RegExp]>> = {
	'a file is lost': [({find}) => rmSync(find('processed', 'other.csv')), /is not in processed/],
	'a file is empty after a power cut': [({find}) => truncateSync(find('processed', 'other.csv')), /nobody has dropped/],
	'a file lies in both places': [
		({root, find}) => copyFileSync(find('processed', 'one.csv'), join(root, 'unprocessed/one.csv')),
		/left in unprocessed/,
	],
	'a file was left under way': [
		({root, find}) => renameSync(find('processed', 'one.csv'), join(root, 'underprocess/x__one.csv')),
		/left in underprocess/,
	],
	'a file was moved without a commit': [
		({run}) => run(`DELETE FROM claim_attempts; DELETE FROM claims WHERE name = CAST('other.csv' AS BLOB)`),
		/other\.csv" was dropped 1 times more than it was taken/,
	],
	'a claim was not finished': [({run}) => run(`UPDATE claims SET state = 'decided'`), /is decided, not finished/],
	'a file was taken twice': [
		({run, find}) => {
			copyFileSync(find('processed', 'other.csv'), `${find('processed', 'other.csv')}`.replace('other', 'twice'));
			run(`INSERT INTO claims (id, name, stored_name, source, state, status, destination, attempts, bytes, content_hash, arrived_at, claimed_at)
				SELECT 'x', name, CAST('x__other.csv' AS BLOB), source, state, status, destination, attempts, bytes, content_hash, 1, 1 FROM claims
				WHERE name = CAST('other.csv' AS BLOB)`);
		},
		/other\.csv" was taken 1 times more than it was dropped/,
	],
	'a result is missing': [({find}) => rmSync(find('results', 'other.csv.json')), /no result or reason/],
	'a reason is missing': [({find}) => rmSync(find('failed', 'bad.csv.reason.json')), /no result or reason/],
	'a result is cut': [({find}) => truncateSync(find('results', 'other.csv.json'), 100), /no result or reason/],
	'a result is doubled': [
		({find}) => copyFileSync(find('results', 'other.csv.json'), `${find('results', 'other.csv.json')}2`),
		/of which nobody knows/,
	],
	'a content was computed twice': [
		({run}) => run(`UPDATE claims SET status = 'completed', duplicate_of = NULL WHERE status = 'duplicate'`),
		/was computed 2 times/,
	],
	'a figure is wrong': [
		({find}) => {
			const path = find('results', 'other.csv.json');
			writeFileSync(path, readFileSync(path, 'utf8').replace('"rows": 25', '"rows": 26'));
		},
		/its figures are/,
	],
	'a figure of the ledger is wrong': [
		({run}) => run('UPDATE claims SET rows = rows + 1'),
		/numbers of rows in the ledger/,
	],
	'an event is doubled': [
		({run}) => run('INSERT INTO events SELECT run, number + 1000, lines FROM events'),
		/its events end with file-completed, file-completed/,
	],
	'events are missing': [({run}) => run('DELETE FROM events'), /but its events end with/],
	'an attempt has no end': [({run}) => run('UPDATE claim_attempts SET ended_at = NULL'), /its last attempt has no end/],
	'a row of a file is missing': [
		({run}) => run('DELETE FROM files WHERE position = 1'),
		/4 rows of files for 5 claims/,
	],
	'something was forgotten': [({root}) => writeFileSync(join(root, '.state/work/x.json'), ''), /left in \.state\/work/],
	'a good file failed': [
		({run}) =>
			run(
				`UPDATE claims SET destination = 'failed', status = 'failed', code = 'EIO' WHERE name = CAST('other.csv' AS BLOB)`,
			),
		/is not in failed/,
	],
};

let original = '';

beforeAll(async () => {
	original = await workedOff();
	return () => rmSync(original, {recursive: true, force: true});
});

test('a folder in order has no faults', () => {
	expect(accountFor(original, drops)).toEqual({faults: [], crashLoops: []});
	expect(accountFor(original, drops.slice(1)).faults).toEqual([
		expect.stringMatching(/one\.csv" was taken 1 times more than it was dropped/),
	]);
});

test.each(Object.keys(TAMPERINGS))('%s', what => {
	const [tamper, expected] = TAMPERINGS[what] ?? expect.fail();
	const root = createFolder();
	cpSync(original, root, {recursive: true});
	const database = new DatabaseSync(join(root, '.state/ledger.db'), {enableForeignKeyConstraints: false});
	onTestFinished(() => database.close());
	tamper({
		root,
		find(folder, name) {
			const names = readdirSync(join(root, folder)).filter(each => each.endsWith(`__${name}`));
			expect(names).toHaveLength(1);
			return join(root, folder, names[0] ?? '');
		},
		run: sql => database.exec(sql),
	});
	expect(accountFor(root, drops).faults.join('\n')).toMatch(expected);
});
