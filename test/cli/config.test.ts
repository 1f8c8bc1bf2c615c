import {expect, test} from 'vitest';
import {FLAGS, type FlagDefinition} from '../../source/cli/arguments/flags.ts';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {createDefaultSettings} from '../../source/cli/arguments/settings.ts';
import {configLines} from '../../source/cli/commands/config.ts';

function linesOf(words: readonly string[], env: Record<string, string> = {}): string[] {
	const packageJson = {name: 'fileproc-tui', version: '1.0.0'};
	const command = parseArguments(['config', ...words], {env, packageJson});
	if (command.name !== 'config') throw new Error(`Expected config, got ${command.name}`);
	return configLines(command);
}

test('each setting is shown with its value and its source', () => {
	expect(linesOf(['--timeout', '1.5', '--report', '漢.md', '--no-alt-screen'], {FILEPROC_THEME: 'mono'})).toEqual([
		'setting             value           from',
		'concurrency         3               default',
		'threads             auto            default',
		'analysis            detect          default',
		'analyses            none            default',
		'where               all records     default',
		'key                 auto            default',
		'map                 none            default',
		'aliases             none            default',
		'decimal             auto            default',
		'thousands           auto            default',
		'date-format         auto            default',
		'group-by            none            default',
		'sum                 none            default',
		'mean                none            default',
		'min                 none            default',
		'max                 none            default',
		'distinct            none            default',
		'order-by            auto            default',
		'limit               100             default',
		'user-pattern        none            default',
		'user                auto            default',
		'encoding            auto            default',
		'delimiter           auto            default',
		'quote               auto            default',
		'escape              auto            default',
		'header              auto            default',
		'skip-lines          auto            default',
		'skip-footer         auto            default',
		'comment             auto            default',
		'null                none            default',
		'dialect             none            default',
		'files-from          none            default',
		'follow              no              default',
		'simulate-io         0 ms            default',
		'retries             2               default',
		'timeout             1.5 s           --timeout',
		'strict              no              default',
		'max-errors          no limit        default',
		'max-record-bytes    16MiB           default',
		'max-field-bytes     1MiB            default',
		'max-columns         16384           default',
		'max-unpacked-bytes  20GiB           default',
		'max-unpack-ratio    200             default',
		'max-rejects-kept    20              default',
		'fill                no              default',
		'fail-on             any             default',
		'output              auto            default',
		'progress            auto            default',
		'report              漢.md           --report',
		'export              off             default',
		'rejects             off             default',
		'max-rejects         100000          default',
		'record              off             default',
		'ledger              off             default',
		'save                no              default',
		'hash                auto            default',
		'resume              no              default',
		'verify-content      no              default',
		'queue               none            default',
		'queue-secret        none            default',
		'queue-secret-file   none            default',
		'force               no              default',
		'color               auto            default',
		'ascii               auto            default',
		'theme               mono            FILEPROC_THEME',
		'background          auto            default',
		'fps                 auto            default',
		'alt-screen          no              --no-alt-screen',
		'mouse               yes             default',
		'title               yes             default',
		'notify              auto            default',
		'screen-reader       auto            default',
		'filter              none            default',
		'keys                the usual ones  default',
		'log-file            off             default',
		'log-format          json            default',
		'log-max-size        any             default',
		'log-max-age         any             default',
		'log-keep            14              default',
		'log-level           info            default',
		'config              yes             default',
	]);
});

test('no setting is left out', () => {
	const shown = linesOf([]).length - 1;
	expect(shown).toBe(Object.keys(createDefaultSettings()).length);
	const names = new Set(linesOf([]).map(line => line.split(' ')[0]));
	// What --json and others decide is shown as the setting `output`; --output is where convert writes to.
	const folded = ['json', 'jsonl', 'plain', 'debug', 'trace'];
	for (const flag of FLAGS as readonly FlagDefinition[]) {
		if (flag.name === 'output') continue;
		// How one run is followed is no setting.
		const isSetting = (flag.commands?.includes('run') ?? false) && flag.group !== 'Follow';
		const isShown = isSetting && !folded.includes(flag.name);
		expect(names.has(flag.name), flag.name).toBe(isShown);
	}
});

test('a setting that another flag decided says which one', () => {
	const lines = linesOf(['--strict', '--json', '--trace']);
	expect(lines.filter(line => line.includes('--')).map(line => line.split(/ {2,}/))).toEqual([
		['strict', 'yes', '--strict'],
		['max-errors', '1', '--strict'],
		['output', 'json', '--json'],
		['log-level', 'trace', '--trace'],
	]);
});

test('a variable that does not exist is reported, with the closest match', () => {
	expect(linesOf([], {FILEPROC_CONCURENCY: '5', FILEPROC_QUUX: '1'}).slice(-3)).toEqual([
		'',
		'FILEPROC_CONCURENCY is no setting; did you mean FILEPROC_CONCURRENCY?',
		'FILEPROC_QUUX is no setting.',
	]);
});

test('a value cannot act on the terminal', () => {
	expect(linesOf(['--log-file', '\u001b[2J']).join('\n')).toContain('\\x1b[2J');
});
