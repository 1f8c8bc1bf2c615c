// A build of the command in which something is wrong, to see that it is found.
import {cpSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {CLI_PATH, createFolder} from './command.ts';

export interface Breakage {
	/** Finds what is replaced in the built modules, wherever it stands. */
	readonly search: RegExp | string;
	/** As of `String.replace`. */
	readonly replacement: string;
}

/** @returns The path of its command. */
export function breakBuild(...breakages: readonly Breakage[]): string {
	const [built, folder] = [dirname(CLI_PATH), createFolder()];
	const copy = join(folder, 'dist');
	cpSync(built, copy, {recursive: true, filter: path => !/\.d\.ts$|\.map$/.test(path)});
	cpSync(join(built, '../package.json'), join(folder, 'package.json'));
	const names = readdirSync(copy, {recursive: true, encoding: 'utf8'}).filter(name => /\.c?js$/.test(name));
	for (const {search, replacement} of breakages) {
		let count = 0;
		for (const name of names) {
			const path = join(copy, name);
			const text = readFileSync(path, 'utf8');
			const broken = text.replaceAll(search, replacement);
			if (broken === text) continue;
			writeFileSync(path, broken);
			count++;
		}
		if (count === 0) throw new Error(`Expected the build to have ${search}: it has changed, and the test must follow`);
	}
	return join(copy, 'cli.js');
}
