// What is built, as it is published.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

test('programs are ASCII, because V8 takes 20 ms more of a start where one character of a file is another one', () => {
	const folder = fileURLToPath(new URL('../../dist', import.meta.url));
	const programs = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(name =>
		/chunks.*\.c?js$/.test(name),
	);
	expect(programs.length).toBeGreaterThan(10);
	const others = programs.filter(name => /[^\0-\x7f]/.test(readFileSync(join(folder, name), 'utf8')));
	expect(others).toEqual([]);
});

test('which libraries are in it stands beside their licences, in the words of CycloneDX', () => {
	const folder = fileURLToPath(new URL('../../dist', import.meta.url));
	const {bomFormat, specVersion, components, dependencies} = JSON.parse(
		readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'),
	);
	expect({bomFormat, specVersion}).toEqual({bomFormat: 'CycloneDX', specVersion: '1.6'});
	const names = components.map(({name}: {name: string}) => name);
	expect(names).toEqual(
		expect.arrayContaining(['ink', 'react', 'fastify', 'ssh2', '@tus/server', 'assemblyscript', 'uplot']),
	);
	for (const {name, version, licenses, hashes, purl} of components) {
		expect(licenses, name).toHaveLength(1);
		expect(hashes?.[0].content, name).toMatch(/^[0-9a-f]{128}$/);
		expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
	}
	expect(dependencies[0].dependsOn).toHaveLength(components.length);
	const {dependencies: needed} = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'));
	expect(needed).toBeUndefined();
});
