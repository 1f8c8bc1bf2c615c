import {expect, test} from 'vitest';
import {translateClassicWords} from '../../source/cli/arguments/classic-words.ts';

test.each([
	['--watch', 'watch'],
	['--watch ./inbox', 'watch ./inbox'],
	['--watch --config pipeline_config.json --debug', 'watch --routes pipeline_config.json --debug'],
	['--watch --config=a.json', 'watch --routes=a.json'],
	['--input a.log', 'watch --input a.log'],
	['--input=a.log --config a.json', 'watch --input=a.log --routes a.json'],
	['watch ./inbox --config a.json', 'watch ./inbox --routes a.json'],
	['watch ./inbox --no-config', 'watch ./inbox --no-config'],
	['./data', './data'],
	['./data --no-config', './data --no-config'],
	['-- --watch', '-- --watch'],
	['./data -- --input', './data -- --input'],
	['watch -- --config x', 'watch -- --config x'],
])('%s is %s', (words, translated) => {
	expect(translateClassicWords(words.split(' ')).join(' ')).toBe(translated);
});
