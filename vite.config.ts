// How the page for browsers is built: into dist/web, from where `fileproc-tui serve` delivers it.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {brotliCompress, constants, zstdCompress} from 'node:zlib';
import {defineConfig, type Plugin} from 'vite';
import {collectLicenses} from './rolldown.config.ts';
import {describeServed} from './source/analysis/on-demand.ts';

const FOLDER = join(import.meta.dirname, 'dist/web');

export default defineConfig({
	root: 'source/web',
	base: '/app/',
	publicDir: false,
	logLevel: 'warn',
	oxc: {jsx: {runtime: 'automatic', development: false}},
	build: {
		outDir: FOLDER,
		emptyOutDir: true,
		target: 'es2023',
		// Its policy allows no content within the page.
		assetsInlineLimit: 0,
		modulePreload: {polyfill: false},
		rolldownOptions: {
			plugins: [collectLicenses('LICENSES.txt')],
			// Some libraries say that they are for browsers; so is all of it. To pack it takes a while.
			onLog(level, log, handle) {
				if (log.code !== 'MODULE_LEVEL_DIRECTIVE' && log.code !== 'PLUGIN_TIMINGS') handle(level, log);
			},
		},
	},
	plugins: [describeResults(), packForBrowsers()],
});

/** How results are shown is data of the analyses: the page gets it without their programs. */
function describeResults(): Plugin {
	const name = 'virtual:analyses';
	return {
		name: 'describe-results',
		resolveId: id => (id === name ? `\0${name}` : null),
		load: id => (id === `\0${name}` ? `export default ${JSON.stringify(describeServed())};` : null),
	};
}

/** Packed once, as well as can be, instead of for each who asks. */
function packForBrowsers(): Plugin {
	const packers = {
		br: (bytes: Buffer) => promisify(brotliCompress)(bytes),
		zst: (bytes: Buffer) => promisify(zstdCompress)(bytes, {params: {[constants.ZSTD_c_compressionLevel]: 19}}),
	};
	return {
		name: 'pack-for-browsers',
		async closeBundle() {
			const names = readdirSync(FOLDER, {recursive: true, encoding: 'utf8'});
			const texts = names.filter(name => /\.(?:js|css|html|svg)$/.test(name)).map(name => join(FOLDER, name));
			await Promise.all(
				texts.flatMap(path =>
					Object.entries(packers).map(async ([ending, pack]) =>
						writeFileSync(`${path}.${ending}`, await pack(readFileSync(path))),
					),
				),
			);
		},
	};
}
