// Writes dist/sbom.cdx.json: which libraries are in the package, in the words of CycloneDX 1.6. It follows the files of their licences, which the
// bundler writes of what it has bundled, and the lock file. Without a time and a random number: the same sources give the same file.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

interface Locked {
	readonly packages: Readonly<Record<string, {readonly version?: string; readonly integrity?: string}>>;
}

const {name, version, description, license} = JSON.parse(readFileSync('package.json', 'utf8'));
const locked = Object.entries((JSON.parse(readFileSync('package-lock.json', 'utf8')) as Locked).packages);

/** Of each `name version (licence)` that begins a text. */
const licenses = new Map(
	readdirSync('dist', {recursive: true, encoding: 'utf8'})
		.filter(path => /LICENSES\.txt$/.test(path))
		.flatMap(path => readFileSync(join('dist', path), 'utf8').split(`\n\n${'-'.repeat(80)}\n\n`))
		.flatMap(text => {
			const [, library = '', of = '', terms = ''] = /^(\S+) (\S+) \((.+)\)\n/.exec(`${text}\n`) ?? [];
			return library === '' ? [] : [[`${library}@${of}`, {library, of, terms}] as const];
		}),
);

function componentOf({library, of, terms}: {library: string; of: string; terms: string}): object {
	const found = locked.find(([path, entry]) => path.endsWith(`node_modules/${library}`) && entry.version === of)?.[1];
	const [, algorithm, digest] = /^(sha512)-(.+)$/.exec(found?.integrity ?? '') ?? [];
	const purl = `pkg:npm/${library.replace('@', '%40')}@${of}`;
	return {
		type: 'library',
		'bom-ref': purl,
		name: library,
		version: of,
		scope: 'required',
		...(algorithm !== undefined &&
			digest !== undefined && {hashes: [{alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex')}]}),
		// A name of SPDX, or several with AND and OR.
		licenses: [/[ (]/.test(terms) ? {expression: terms} : {license: {id: terms}}],
		purl,
	};
}

const own = `pkg:npm/${name}@${version}`;
const components = Array.from(licenses.keys())
	.sort()
	.flatMap(key => {
		const library = licenses.get(key);
		return library === undefined ? [] : [{key, component: componentOf(library)}];
	});
const bom = {
	...{bomFormat: 'CycloneDX', specVersion: '1.6', version: 1},
	metadata: {
		lifecycles: [{phase: 'build'}],
		component: {
			...{type: 'application', 'bom-ref': own, name, version, description},
			...{licenses: [{license: {id: license}}], purl: own},
		},
	},
	components: components.map(({component}) => component),
	dependencies: [{ref: own, dependsOn: components.map(({component}) => (component as {purl: string}).purl)}],
};
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bom, null, '\t')}\n`);
