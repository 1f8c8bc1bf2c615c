// The data on the disk: made once for each kind, size and seed, and kept between runs.
import {spawnSync} from 'node:child_process';
import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	statfsSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {BenchError} from '../bench-error.ts';
import {ownCommand} from '../own-command.ts';
import {writeFile} from './generate.ts';
import type {Kind} from './kinds.ts';
import {createParts} from './parts.ts';

export interface Dataset {
	readonly kind: Kind;
	/** Holds the files, and nothing else. */
	readonly folder: string;
	readonly files: readonly string[];
	readonly bytes: number;
}

export interface DataOptions {
	/** Where the folders of all kinds are. */
	readonly data: string;
	readonly seed: number;
	readonly log: (message: string) => void;
}

/** To be raised when the generator gives other bytes than before, so that old data is not taken for new. */
const GENERATOR_VERSION = 1;
/** Tells that the folder is ours, so that it can be removed. */
const MARKER = '.fileproc-tui-bench';

/**
Finds the data, or makes it.

@throws {BenchError} When there is no room for it.
*/
export function ensureDataset(kind: Kind, {data, seed, log}: DataOptions): Dataset {
	const {name, files, bytesPerFile} = kind;
	const folder = join(data, `${name}-v${GENERATOR_VERSION}-seed${seed}-${files}x${bytesPerFile}`);
	if (!existsSync(folder)) {
		mkdirSync(data, {recursive: true});
		writeFileSync(join(data, MARKER), '');
		expectRoom(data, files * bytesPerFile);
		const started = performance.now();
		// Files that a killed run left are no data: the folder has its name only when it is whole.
		const unfinished = `${folder}.unfinished`;
		rmSync(unfinished, {recursive: true, force: true});
		mkdirSync(unfinished);
		if (kind.question === 'sales') writeSales(unfinished, kind, seed);
		else writeTransactions(unfinished, kind, seed);
		renameSync(unfinished, folder);
		log(`${name}: data made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
	}
	const paths = readdirSync(folder)
		.sort()
		.map(file => join(folder, file));
	return {kind, folder, files: paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0)};
}

function writeTransactions(folder: string, {files, bytesPerFile, rows}: Kind, seed: number): void {
	const parts = createParts(rows);
	for (let number = 0; number < files; number++) {
		const path = join(folder, `transactions_${String(number + 1).padStart(4, '0')}.csv`);
		writeFile(path, {shape: rows, parts, seed, number, bytes: bytesPerFile});
	}
}

/** On average. */
const SALES_RECORD_BYTES = 51;

/** Fewer rows of the same seed are the beginning of more. */
function writeSales(folder: string, {files, bytesPerFile}: Kind, seed: number): void {
	const rows = Math.ceil(bytesPerFile / SALES_RECORD_BYTES);
	const numbers = ['--files', String(files), '--rows', String(rows), '--seed', String(seed)];
	const {file, args} = ownCommand('generate', folder, '--kind', 'sales', ...numbers);
	const {status} = spawnSync(file, args, {stdio: ['ignore', 'ignore', 'inherit']});
	if (status !== 0) throw new BenchError('Expected fileproc-tui generate to write sales. See above.');
	for (const name of readdirSync(folder)) {
		// As in generate.ts.
		const descriptor = openSync(join(folder, name), 'r');
		fsyncSync(descriptor);
		closeSync(descriptor);
	}
}

/** The beginning of the data, as a file of its own, for those who would take too long for all of it. */
export function ensurePart(kind: Kind, options: DataOptions): Dataset {
	const {part} = kind;
	if (part === 'all') return ensureDataset(kind, options);
	return ensureDataset({...kind, name: `${kind.name}-part`, files: 1, bytesPerFile: part}, options);
}

/** Removes all data, and the folder if there was nothing else in it. */
export function removeData(data: string): void {
	if (!existsSync(data)) return;
	if (!existsSync(join(data, MARKER))) {
		throw new BenchError(`Expected ${data} to be a folder that this benchmark made, so nothing is removed`);
	}
	for (const name of readdirSync(data)) {
		if (/-seed-?\d+-\d+x\d+(\.unfinished)?$/.test(name)) rmSync(join(data, name), {recursive: true});
	}
	rmSync(join(data, MARKER));
	if (readdirSync(data).length === 0) rmSync(data, {recursive: true});
}

function expectRoom(data: string, bytes: number): void {
	const {bavail, bsize} = statfsSync(data);
	const free = bavail * bsize;
	const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
	if (free < 1.1 * bytes) {
		throw new BenchError(
			`Expected ${gigabytes(1.1 * bytes)} free in ${data}, found ${gigabytes(free)}. Try --data or --scale.`,
		);
	}
}
