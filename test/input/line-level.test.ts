import {expect, test} from 'vitest';
import {findLevel} from '../../source/input/lines/line-level.ts';

const levelOf = (line: string): string => {
	const masked = Buffer.from(line.replace(/[0-9]+/g, '#'));
	return findLevel(masked, masked.length);
};

test.each([
	['ERROR', 'ERROR'],
	['error: no such file', 'ERROR'],
	['  Warn, disk is full', 'WARN'],
	['INFO[0001] started', 'INFO'],
	['2024-03-01T10:11:12Z DEBUG x', 'DEBUG'],
	['2024-03-01T10:11:12.123+01:00 trace x', 'TRACE'],
	['2024-03-01 10:11:12,123 - FATAL - x', 'FATAL'],
	['2024/03/01 ERROR x', 'ERROR'],
	['10:11:12 INFO x', 'INFO'],
	['10:11:12 UTC | INFO | x', 'INFO'],
	['Mar  1 10:11:12 ERROR x', 'ERROR'],
	['Fri, Mar 01 10:11:12 2024 WARN x', 'WARN'],
	['[2024-03-01 10:11:12] ERROR x', 'ERROR'],
	['[2024-03-01 10:11:12] [ info ] x', 'INFO'],
	['[10:11:12] [INFO] x', 'INFO'],
	['2024-03-01 10:11:12 main [http-1] <Error> x', 'ERROR'],
	['[main] (warn) x', 'WARN'],
	['(ERROR) x', 'ERROR'],
	[`${'x'.repeat(250)} [ERROR]`, 'ERROR'],
])('%j has the level %s', (line, level) => {
	expect(levelOf(line)).toBe(level);
});

test.each([
	[''],
	['   '],
	['ERRORS: 5'],
	['errors'],
	['error_count=5'],
	['information'],
	['Warning: x'],
	['an ERROR in text'],
	['1 error found'],
	['10.0.0.1 error'],
	['10:11:12 web-1 app: ERROR x'],
	['x [ERRORS] [http-1] [ERROR'],
	['[ERROR'],
	['Mar error'],
	[`${'x'.repeat(300)} [ERROR]`],
])('%j has none', line => {
	expect(levelOf(line)).toBe('');
});
