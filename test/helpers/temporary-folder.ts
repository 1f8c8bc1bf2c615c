// A folder for one test: made when asked for, gone when the test has ended.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';

export interface TemporaryFolder {
	/** Absolute, without links. */
	readonly path: string;
	/** Where a name in it leads. */
	readonly at: (name: string) => string;
	/** Writes a file, and the folders it needs; gives its path. */
	readonly write: (name: string, content?: string | Uint8Array) => string;
	/** Writes a file whose name is any bytes. */
	readonly writeBytesName: (name: Buffer, content?: string) => Buffer;
	readonly folder: (name: string) => string;
	/** Makes a symbolic link. */
	readonly link: (target: string, name: string) => string;
	readonly fifo: (name: string) => string;
	/** Waits until a change would be later than the last one of a file, by the clock of the file system, which is coarse. */
	readonly awaitTick: (path: string) => void;
}

export function createTemporaryFolder(): TemporaryFolder {
	const path = realpathSync(mkdtempSync(join(tmpdir(), 'fileproc-tui-')));
	onTestFinished(() => {
		rmSync(path, {recursive: true, force: true});
	});
	const at = (name: string): string => join(path, name);
	return {
		path,
		at,
		awaitTick(file) {
			const probe = at('tick');
			do writeFileSync(probe, '');
			while (statSync(probe).ctimeMs <= statSync(file).ctimeMs);
			rmSync(probe);
		},
		write(name, content = '') {
			mkdirSync(dirname(at(name)), {recursive: true});
			writeFileSync(at(name), content);
			return at(name);
		},
		writeBytesName(name, content = '') {
			const whole = Buffer.concat([Buffer.from(`${path}/`), name]);
			writeFileSync(whole, content);
			return whole;
		},
		folder(name) {
			mkdirSync(at(name), {recursive: true});
			return at(name);
		},
		link(target, name) {
			mkdirSync(dirname(at(name)), {recursive: true});
			symlinkSync(target, at(name));
			return at(name);
		},
		fifo(name) {
			execFileSync('mkfifo', [at(name)]);
			return at(name);
		},
	};
}

/** Works in the folder until the test has ended, for paths that are relative. */
export function workIn({path}: TemporaryFolder): void {
	const previous = process.cwd();
	process.chdir(path);
	onTestFinished(() => {
		process.chdir(previous);
	});
}

export const transactionsHeader = 'transaction_id,customer_id,amount,date,category\n';

/** A transactions file of so many good records: record n is of customer n % 10 and over n.25. */
export const transactionsText = (count: number): string =>
	transactionsHeader +
	Array.from(
		{length: count},
		(_, index) => `t${index},c${index % 10},${index}.25,2024-01-${String(1 + (index % 28)).padStart(2, '0')},food\n`,
	).join('');
