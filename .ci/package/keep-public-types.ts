// Leaves of the types in dist those that whoever imports the package can come to: `tsc` writes those of all modules, fifteen times as many.
import {existsSync, readdirSync, readFileSync, rmdirSync, rmSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';

const folder = resolve('dist');
const IMPORTS = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g;

function reach(path: string, reached: Set<string>): Set<string> {
	if (reached.has(path)) return reached;
	reached.add(path);
	for (const [, module = ''] of readFileSync(path, 'utf8').matchAll(IMPORTS)) {
		const types = resolve(dirname(path), module).replace(/\.tsx?$/, '.d.ts');
		if (!existsSync(types)) throw new Error(`${path} has types of ${module}: expected ${types}`);
		reach(types, reached);
	}
	return reached;
}

/** @returns Whether anything is left. */
function prune(place: string, reached: ReadonlySet<string>): boolean {
	let isEmpty = true;
	for (const entry of readdirSync(place, {withFileTypes: true})) {
		const path = join(place, entry.name);
		const isKept = entry.isDirectory() ? prune(path, reached) : !path.endsWith('.d.ts') || reached.has(path);
		if (isKept) isEmpty = false;
		else if (entry.isDirectory()) rmdirSync(path);
		else rmSync(path);
	}
	return !isEmpty;
}

prune(folder, reach(join(folder, 'index.d.ts'), new Set()));
