// The account of a watched folder: all that was dropped into it against all that is there now, in folders and ledger. It shares no code with the
// program: it hashes by itself, reads the files by the oracle, and knows nothing of the ledger but its tables. Names are bytes, as latin1 texts.
import {createHash} from 'node:crypto';
import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {type OracleReading, readByOracle} from './oracle.ts';
import {type ClaimRow, type LedgerRows, readLedgerRows} from './watched-ledger.ts';

/** A file that somebody has put into the folder. */
export interface Drop {
	/** Below `unprocessed/`. */
	readonly name: Buffer;
	readonly body: Buffer;
}

export interface Account {
	/** Sentences, one for each thing that is not as it should be. */
	readonly faults: readonly string[];
	/** Files that were given up because processes died over them. */
	readonly crashLoops: readonly string[];
}

export interface AccountOptions {
	/** Names that are to be in `unprocessed/` still, whatever they are. */
	readonly left?: readonly string[];
	/** How much is not compared but for its hash: bytes of a file whose figures are not computed again. */
	readonly maxOracleBytes?: number;
	/** Whether a file of that name is analyzed as transactions; all are by default. */
	readonly isAnalyzed?: (name: string) => boolean;
}

interface JsonOfResult {
	readonly claim?: unknown;
	readonly status?: unknown;
	readonly duplicate_of?: unknown;
	readonly code?: unknown;
	readonly message?: unknown;
	readonly rows?: unknown;
	readonly rejected_rows?: unknown;
	readonly rejects?: unknown;
	readonly result?: unknown;
	readonly content_hash?: unknown;
}

export function accountFor(root: string, drops: readonly Drop[], options: AccountOptions = {}): Account {
	const ledger = readLedgerRows(root);
	const faults = [...ledger.faults];
	const fault = (sentence: string): void => void faults.push(sentence);
	const files = {
		processed: listFiles(root, 'processed', fault),
		failed: listFiles(root, 'failed', fault),
		results: listFiles(root, 'results', fault),
	};
	expectTidy(root, options.left ?? [], fault);
	expectEachDropOnce(drops, ledger.claims, fault);
	const claims = new Map(ledger.claims.map(claim => [claim.id, claim]));
	const readings = new Map<string, OracleReading>();
	const bodies = new Map(drops.map(({body}) => [sha256(body), body]));
	const crashLoops: string[] = [];
	for (const claim of ledger.claims) {
		const say = (sentence: string): void => fault(`${claim.id} ${JSON.stringify(claim.name)}: ${sentence}`);
		if (claim.state !== 'finished') say(`is ${claim.state}, not finished`);
		const path = storedPath(claim);
		const isFailed = claim.destination === 'failed';
		const hash = hashOf(files[isFailed ? 'failed' : 'processed'].take(path));
		if (hash === null) say(`is not in ${claim.destination ?? 'processed'}/`);
		if (hash !== null && claim.contentHash !== null && hash !== claim.contentHash)
			say('its content is not that of which the ledger tells');
		const body = hash === null ? undefined : bodies.get(hash);
		if (hash !== null && body === undefined) say('nobody has dropped these bytes');
		const document = files[isFailed ? 'failed' : 'results'].take(`${path}${isFailed ? '.reason.json' : '.json'}`);
		const json = document === null ? null : parse(document);
		if (json === null) say('has no result or reason that can be read');
		else if (json.claim !== claim.id && claim.status !== 'duplicate')
			say(`its document tells of ${String(json.claim)}`);
		for (const output of claim.outputs)
			if (files.results.take(`${path.slice(0, -claim.storedName.length)}${output}`) === null)
				say(`${output} is not in results/`);
		if (claim.code === 'CRASH_LOOP') {
			crashLoops.push(claim.name);
			if (ledger.attempts.get(claim.id)?.cut !== 3) say('was given up, but three processes did not die over it');
			continue;
		}
		expectToAddUp(claim, claims, ledger, say);
		if (json !== null && document !== null) expectDocument(claim, document, json, ledger, say);
		if (body === undefined || hash === null || json === null) continue;
		if (options.isAnalyzed?.(claim.name) === false) continue;
		if (body.length > (options.maxOracleBytes ?? Number.POSITIVE_INFINITY)) continue;
		const reading = readings.get(hash) ?? readByOracle(body);
		readings.set(hash, reading);
		expectFigures(claim, json, reading, say);
	}
	for (const [name, list] of Object.entries(files)) {
		for (const path of list.rest()) fault(`${name}/ has ${JSON.stringify(path)}, of which nobody knows`);
	}
	for (const id of ledger.endings.keys())
		if (!claims.has(id)) fault(`an event tells of the end of ${id}, an unknown claim`);
	return {faults, crashLoops};
}

/** As many claims of a name and content as there were drops of it. */
function expectEachDropOnce(drops: readonly Drop[], claims: readonly ClaimRow[], fault: (text: string) => void): void {
	const counts = new Map<string, number>();
	const add = (name: string, hash: string, count: number): void => {
		const key = `${hash} ${name}`;
		counts.set(key, (counts.get(key) ?? 0) + count);
	};
	for (const {name, body} of drops) add(name.toString('latin1'), sha256(body), 1);
	for (const {name, contentHash, code} of claims) {
		// Of one that was given up unread the ledger has no hash: its file is looked at elsewhere.
		if (contentHash !== null) add(name, contentHash, -1);
		else if (code === 'CRASH_LOOP') {
			const key = Array.from(counts.keys()).find(each => each.endsWith(` ${name}`) && (counts.get(each) ?? 0) > 0);
			if (key === undefined) fault(`${JSON.stringify(name)} was given up, but not dropped`);
			else counts.set(key, (counts.get(key) ?? 0) - 1);
		} else fault(`${JSON.stringify(name)} has no hash: ${code}`);
	}
	for (const [key, count] of counts) {
		if (count > 0) fault(`${JSON.stringify(key)} was dropped ${count} times more than it was taken`);
		if (count < 0) fault(`${JSON.stringify(key)} was taken ${-count} times more than it was dropped`);
	}
}

/** In the ledger itself. */
function expectToAddUp(
	claim: ClaimRow,
	claims: ReadonlyMap<string, ClaimRow>,
	{attempts, endings, starts, fileRows, claims: all, resultClaims}: LedgerRows,
	say: (sentence: string) => void,
): void {
	const ended = endings.get(claim.id) ?? [];
	const expected = {completed: 'file-completed', failed: 'file-failed', duplicate: 'file-skipped'}[
		String(claim.status)
	];
	if (ended.length !== 1 || ended[0] !== expected)
		say(`is ${claim.status}, but its events end with ${ended.join(', ')}`);
	const tried = attempts.get(claim.id);
	if (tried?.count !== claim.attempts || starts.get(claim.id) !== claim.attempts)
		say(`${claim.attempts} attempts, ${tried?.count} rows of them, and ${starts.get(claim.id)} events`);
	if (tried?.isLastEnded !== true) say('its last attempt has no end');
	if (fileRows !== all.length) say(`${fileRows} rows of files for ${all.length} claims`);
	if (claim.status === 'duplicate') {
		const original = claims.get(String(claim.duplicateOf));
		if (original === undefined) {
			say(`is a duplicate of ${claim.duplicateOf}, which nobody knows`);
			return;
		}
		if (original.status === 'duplicate') say('is a duplicate of a duplicate');
		if (original.contentHash !== claim.contentHash)
			say(`is called a duplicate of ${original.id}, whose content is another`);
		if (original.destination !== claim.destination) say(`is in ${claim.destination}/, its original is not`);
		return;
	}
	const sharing = resultClaims.get(claim.result ?? -1) ?? [];
	if (claim.result === null) say('has no result in the ledger');
	else if (sharing.length !== 1) say(`its content was computed ${sharing.length} times: ${sharing.join(', ')}`);
}

function expectDocument(
	claim: ClaimRow,
	document: Buffer,
	json: JsonOfResult,
	{kept}: LedgerRows,
	say: (sentence: string) => void,
): void {
	if (claim.status === 'duplicate') {
		if (json.duplicate_of !== claim.duplicateOf)
			say(`its document calls it a duplicate of ${String(json.duplicate_of)}`);
		return;
	}
	if (String(json.content_hash).replace(/^sha256(?:-tree)?:/, '') !== claim.contentHash)
		say('its document has the hash of another content');
	if (claim.result !== null && !kept.get(claim.result)?.equals(document))
		say('its document is not what the ledger keeps');
}

/** What the oracle makes of the bytes. */
function expectFigures(
	claim: ClaimRow,
	json: JsonOfResult,
	{error, rows, rejected_rows, rejects, result}: OracleReading,
	say: (sentence: string) => void,
): void {
	if (error !== null) {
		if (claim.destination !== 'failed' || claim.code !== error.code) say(`expected to fail with ${error.code}`);
		if (typeof json.message !== 'string' || json.code !== claim.code) say('its reason does not say why');
		return;
	}
	if (claim.destination !== 'processed') say(`a good file has failed: ${claim.code}`);
	if (claim.destination !== 'processed' || claim.status === 'duplicate') return;
	if (claim.rows !== rows || claim.rejectedRows !== rejected_rows) say('its numbers of rows in the ledger are wrong');
	const actual = {rows: json.rows, rejected_rows: json.rejected_rows, rejects: json.rejects, result: json.result};
	const expected = JSON.parse(JSON.stringify({rows, rejected_rows, rejects, result})) as object;
	if (!isDeepStrictEqual(actual, expected))
		say(`its figures are ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

const NAMES = ['.state', 'failed', 'processed', 'results', 'underprocess', 'unprocessed'];
const STATE_NAMES = [
	'ballast',
	'intake.json',
	'intake.json.tmp',
	'ledger.db',
	'ledger.db-shm',
	'ledger.db-wal',
	'lock',
	'work',
];

/** Nothing is left over, and nothing lies about. */
function expectTidy(root: string, left: readonly string[], fault: (text: string) => void): void {
	const inbox = listing(root, 'unprocessed', true);
	const others = inbox.filter(name => !left.includes(name));
	if (others.length > 0) fault(`${others.length} left in unprocessed/: ${JSON.stringify(others.slice(0, 3))}`);
	for (const name of left) if (!inbox.includes(name)) fault(`${JSON.stringify(name)} is not in unprocessed/`);
	for (const folder of ['underprocess', '.state/work']) {
		const names = listing(root, folder, false);
		if (names.length > 0) fault(`${names.length} left in ${folder}/: ${JSON.stringify(names.slice(0, 3))}`);
	}
	for (const [folder, known] of [
		['', NAMES],
		['.state', STATE_NAMES],
	] as const) {
		const unknown = listing(root, folder, false).filter(name => !known.includes(name));
		if (unknown.length > 0)
			fault(`nobody knows ${JSON.stringify(unknown)} in ${folder === '' ? 'the folder' : folder}`);
	}
}

const listing = (root: string, folder: string, isDeep: boolean): string[] => {
	const path = Buffer.from(`${root}/${folder}`);
	const entries = existsSync(path) ? readdirSync(path, {withFileTypes: true, encoding: 'buffer'}) : [];
	return entries.flatMap(entry => {
		const name = entry.name.toString('latin1');
		if (!isDeep || !entry.isDirectory()) return [name];
		return listing(root, `${folder}/${entry.name.toString()}`, true).map(each => `${name}/${each}`);
	});
};

interface FileList {
	/** What is in a file, which is then known. `null`: there is no such file. */
	readonly take: (path: string) => Buffer | null;
	/** Paths of files that nobody has taken. */
	readonly rest: () => readonly string[];
}

function listFiles(root: string, folder: string, fault: (text: string) => void): FileList {
	const found = new Set<string>();
	const walk = (below: string): void => {
		const path = bytesOf(`${folder}/${below}`, root);
		for (const entry of readdirSync(path, {withFileTypes: true, encoding: 'buffer'})) {
			const name = `${below}${entry.name.toString('latin1')}`;
			if (entry.isDirectory()) walk(`${name}/`);
			else if (lstatSync(bytesOf(`${folder}/${name}`, root)).isFile()) found.add(name);
			else fault(`${folder}/${JSON.stringify(name)} is no regular file`);
		}
	};
	walk('');
	return {
		take: path => (found.delete(path) ? readFileSync(bytesOf(`${folder}/${path}`, root)) : null),
		rest: () => [...found],
	};
}

const bytesOf = (latin1: string, root: string): Buffer =>
	Buffer.concat([Buffer.from(`${root}/`), Buffer.from(latin1, 'latin1')]);

function storedPath({name, storedName}: ClaimRow): string {
	const folder = name.lastIndexOf('/');
	return folder === -1 ? storedName : `${name.slice(0, folder)}/${storedName}`;
}

function parse(json: Buffer): JsonOfResult | null {
	try {
		return JSON.parse(json.toString()) as JsonOfResult;
	} catch {
		return null;
	}
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const MEBIBYTE = 1024 * 1024;

/** A larger file is known by the hash of the hashes of its mebibytes. */
function sha256(bytes: Buffer): string {
	if (bytes.length <= MEBIBYTE) return digest(bytes).toString('hex');
	const parts: Buffer[] = [];
	for (let start = 0; start < bytes.length; start += MEBIBYTE)
		parts.push(digest(bytes.subarray(start, start + MEBIBYTE)));
	return digest(Buffer.concat(parts)).toString('hex');
}

const hashOf = (bytes: Buffer | null): string | null => (bytes === null ? null : sha256(bytes));
