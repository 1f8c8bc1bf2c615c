// What `init` writes: that each flag, variable and metric in it is there, that programs which read it can, and that the copies of this repository are the same.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {SETUP_NAMES} from '../../source/cli/arguments/flags/setup-kinds.ts';
import {FLAGS, type FlagDefinition} from '../../source/cli/arguments/flags.ts';
import {type Command, parseArguments} from '../../source/cli/arguments/options.ts';
import {findUnknownVariables} from '../../source/cli/arguments/read-variables.ts';
import {SETUPS} from '../../source/cli/commands/init/setups.ts';
import {checkConfig} from '../../source/cli/config-file/check-config.ts';
import {parsePipeline} from '../../source/pipeline/routes/parse-pipeline.ts';
import {labelsOf, METRIC_NAMES, type MetricName} from '../../source/server/metrics/metric-names.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const packageJson = {name: 'fileproc-tui', version: '1.0.0'};
const all = SETUP_NAMES.flatMap(kind => SETUPS[kind]().files.map(file => ({kind, ...file})));
const textOf = (name: string): string => all.find(file => file.name === name)?.text ?? '';
const parse = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Command =>
	parseArguments(words, {env, packageJson});
/** Lines that are switched off, switched on. */
const withoutSign = (text: string, sign: RegExp): string => text.replaceAll(sign, '$1');

/** What is typed or started in a text, without the program itself. */
function commandsIn(text: string): string[][] {
	const typed = Array.from(
		text.matchAll(/(?:^|[ ='"])fileproc-tui ((?:[a-z][a-z-]+)(?: [^\n'"`;&|>)…]*)?)/gm),
		([, words = '']) => words.split(/ {2,}/)[0]?.trim().split(' ') ?? [],
	);
	const lists = Array.from(text.matchAll(/(?:command|args): \[(.*)\]$|^CMD \[(.*)\]$/gm), ([, flow, json]) =>
		(flow ?? json ?? '').split(', ').map(word => word.replaceAll(/['"]/g, '')),
	);
	const inContainer = Array.from(
		text.matchAll(/compose (?:--file \S+ )?run --rm app(?:-1)? (.*)$/gm),
		([, words = '']) => words.split(' '),
	);
	const isOurs = ([word = '']: string[]): boolean =>
		['serve', 'watch', 'users', 'init', 'status', 'doctor', 'config', 'routes', 'sniff', 'help', 'worker'].includes(
			word,
		);
	return [...typed, ...lists, ...inContainer]
		.filter(isOurs)
		.map(words => words.map(word => word.replace(/^(-?-?[\w-]+)[.,]$/, '$1')));
}

test('each command in a file or in what is to be run next can be typed', () => {
	// Settings are explained by what the table of flags says, and are tested below.
	const others = all.filter(({kind}) => kind !== 'batch' && kind !== 'serve');
	const texts = [...others.map(({text}) => text), ...SETUP_NAMES.flatMap(kind => SETUPS[kind]().next)];
	const commands = texts.flatMap(commandsIn);
	expect(commands.length).toBeGreaterThan(25);
	// In a container the queue stands in a variable.
	const env = {FILEPROC_QUEUE: 'redis://127.0.0.1'};
	for (const words of commands)
		expect(() => parse(words, words[0] === 'worker' ? env : {}), words.join(' ')).not.toThrow();
	expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(['serve', 'watch', 'users', 'init', 'routes']));
});

test('each flag and each variable in a file is there', () => {
	const flags = FLAGS as readonly FlagDefinition[];
	const known = new Set(flags.map(({env}) => env as string | undefined));
	const variables = all.flatMap(({text}) => text.match(/\bFILEPROC_[A-Z_]+/g) ?? []);
	expect(variables.length).toBeGreaterThan(20);
	expect(variables.filter(name => !known.has(name))).toEqual([]);
});

test('each metric that is asked for is there, with the labels that it is told apart by', () => {
	const expressions: readonly string[] = [
		...Array.from(textOf('fileproc-alerts.yaml').matchAll(/expr: '(.*)'$/gm), ([, text = '']) => text),
		...JSON.parse(textOf('fileproc-grafana.json')).panels.flatMap((panel: {targets: {expr: string}[]}): string[] =>
			panel.targets.map(({expr}) => expr),
		),
	];
	expect(expressions.length).toBeGreaterThan(40);
	for (const expression of expressions) {
		const names = (expression.match(/\b(?:fileproc|process|nodejs)_\w+/g) ?? []).map(name =>
			METRIC_NAMES.includes(name as MetricName) ? name : name.replace(/_(?:bucket|sum|count)$/, ''),
		) as MetricName[];
		expect(
			names.filter(name => !METRIC_NAMES.includes(name)),
			expression,
		).toEqual([]);
		if (names.length === 0) expect(expression).toBe('up{job="fileproc"} == 0');
		const known = new Set([...names.flatMap(labelsOf), 'job', 'instance', 'le']);
		const grouped = Array.from(expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g), ([, list = '']) =>
			list.split(', '),
		).flat();
		const selected = Array.from(expression.matchAll(/[{,](\w+)=/g), ([, label = '']) => label);
		expect(
			[...grouped, ...selected].filter(label => !known.has(label)),
			expression,
		).toEqual([]);
	}
});

test('what is YAML can be read, and has what the programs that read it ask for', () => {
	const documents = all
		.filter(({name}) => name.endsWith('.yaml'))
		.flatMap(({name, text}) => parseAllDocuments(text, {merge: true}).map(document => ({name, document})));
	for (const {name, document} of documents) expect([...document.errors, ...document.warnings], name).toEqual([]);
	const valuesOf = (wanted: string) =>
		documents.filter(({name}) => name === wanted).map(({document}) => document.toJS());
	const [compose] = valuesOf('compose.yaml');
	expect(Object.keys(compose.services)).toEqual(['app', 'worker', 'redis', 'postgres', 'proxy']);
	// Workers have the files where the server has them, and the same queue; without a profile there are none.
	expect(compose.services.worker.environment).toEqual(compose.services.app.environment);
	expect(compose.services.worker.volumes).toEqual(compose.services.app.volumes.map((volume: string) => `${volume}:ro`));
	for (const name of ['worker', 'redis', 'postgres'])
		expect(compose.services[name].profiles).toContainEqual(expect.any(String));
	for (const {volumes = []} of Object.values<{volumes?: string[]}>(compose.services))
		for (const volume of volumes)
			if (!volume.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
	// What the app trusts is the network that the proxy comes from.
	expect(compose.services.app.command).toContain(compose.networks.inside.ipam.config[0].subnet);
	const [shared] = valuesOf('compose.shared.yaml');
	const {'app-1': one, 'app-2': other} = shared.services;
	// The same but for the folder of its own.
	expect({...other, volumes: one.volumes}).toEqual(one);
	expect(one.volumes.filter((volume: string) => other.volumes.includes(volume))).toEqual(['files:/files']);
	for (const volume of [...one.volumes, ...other.volumes])
		expect(Object.keys(shared.volumes)).toContain(volume.split(':')[0]);
	const [cluster] = valuesOf('compose.cluster.yaml');
	expect(Object.keys(cluster.services)).toEqual(['worker', 'run', 'redis', 'postgres']);
	expect(cluster.services.worker.environment).toEqual(cluster.services.run.environment);
	expect(cluster.services.worker.volumes).toEqual(cluster.services.run.volumes);
	expect(valuesOf('fileproc-tui.k8s.yaml').map(({kind}) => kind)).toEqual([
		...['PersistentVolumeClaim', 'Job', 'Deployment', 'Service'],
	]);
	const [cloud] = valuesOf('cloud-init.yaml');
	expect(cloud.write_files[0].content).toBe(textOf('fileproc-tui.service'));
	expect(cloud.runcmd).toEqual([[cloud.write_files[1].path]]);
	const [alerts] = valuesOf('fileproc-alerts.yaml');
	expect(alerts.groups[0].rules.length).toBeGreaterThan(8);
	expect(textOf('cloud-init.yaml')).toMatch(/^#cloud-config\n/);
});

describe('settings', () => {
	test('of a folder are accepted as they are, and each of those that are switched off, too', () => {
		const text = textOf('fileproc.config.json');
		expect(checkConfig(text, false)).toMatchObject({values: {concurrency: 3}, issues: []});
		const everything = checkConfig(withoutSign(text, /^\t\/\/ (".*)$/gm), false);
		expect(everything.issues).toEqual([]);
		expect(Object.keys(everything.values).length).toBe((text.match(/^\t(?:\/\/ )?"/gm) ?? []).length);
	});

	test('of a watched folder are routes, also with the one that is switched off', () => {
		const text = textOf('routes.json');
		const everything = withoutSign(text, /^\t\t\t\/\/ (?=[\t{}])(.*)$/gm);
		expect(parsePipeline(text).faults).toEqual([]);
		expect(parsePipeline(text).routes.map(({tag}) => tag.text)).toEqual(['transactions', 'other']);
		expect(parsePipeline(everything).faults).toEqual([]);
		expect(parsePipeline(everything).routes.map(({tag}) => tag.text)).toEqual(['transactions', 'orders', 'other']);
		// One's own file may have the same.
		expect(checkConfig(text, true).issues).toEqual([]);
	});

	test('of a server are variables, each of which it takes', () => {
		const lines = withoutSign(textOf('fileproc-serve.env'), /^#([A-Z_]+=.*)$/gm)
			.split('\n')
			.filter(line => line !== '' && !line.startsWith('#'));
		const env = Object.fromEntries(lines.map(line => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
		expect(lines.length).toBeGreaterThan(20);
		expect(findUnknownVariables(env)).toEqual([]);
		expect(parse(['serve'], env)).toMatchObject({
			name: 'serve',
			options: {maxConcurrentTasks: 10, quotaBytes: 5 * 1024 ** 3},
		});
	});
});

test('units of systemd leave enough time to end, and never forbid what V8 does', () => {
	for (const name of ['fileproc-tui.service', 'fileproc-tui-watch@.service']) {
		expect(textOf(name)).toContain('TimeoutStopSec=60\n');
		expect(textOf(name)).toContain('SuccessExitStatus=143\n');
		expect(textOf(name)).not.toContain('MemoryDenyWriteExecute');
	}
});

test('the files of this repository that others look for are what init writes', () => {
	const here = all.filter(({kind}) => kind === 'compose' || kind === 'systemd');
	for (const {name, text} of here) {
		if (process.env.UPDATE_GOLDEN === '1') {
			mkdirSync(dirname(join('.', name)), {recursive: true});
			writeFileSync(name, text);
		}
		expect(readFileSync(name, 'utf8'), name).toBe(text);
	}
	expect(here.map(({name}) => name)).toEqual(
		expect.arrayContaining(['Dockerfile', 'compose.yaml', 'fileproc-tui.service']),
	);
});

test('no two kinds write other things under the same name', () => {
	const byName = Map.groupBy(all, ({name}) => name);
	for (const [name, files] of byName) expect(new Set(files.map(({text}) => text)).size, name).toBe(1);
});

test('words of the command line', () => {
	const folder = createTemporaryFolder().path;
	expect(parse(['init', 'watch', '-o', folder])).toEqual({
		...{name: 'init', kind: 'watch', file: null, folder, isPrinted: false, isForced: false},
	});
	expect(parse(['init', 'systemd', 'fileproc-tui-watch@.service', '--stdout'])).toMatchObject({isPrinted: true});
	expect(() => parse(['init', 'dokcer'])).toThrow('but got “dokcer”');
	expect(() => parse(['init', 'docker', 'extra'])).toThrow('one word');
	expect(() => parse(['init', 'docker', '--stdout', '-o', 'x'])).toThrow('exclude each other');
});
