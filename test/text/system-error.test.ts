import {constants} from 'node:os';
import {getSystemErrorMap} from 'node:util';
import {expect, test} from 'vitest';
import {EnvironmentError} from '../../source/cli/arguments/environment-error.ts';
import {ReportWriteError} from '../../source/report/report-write-error.ts';
import {codeOf, messageOf} from '../../source/text/system-error.ts';

/** As Node throws it. */
function nodeError(number: number): Error {
	const unnamed = `Unknown system error ${-number}`;
	const [code, words] = getSystemErrorMap().get(-number) ?? [unnamed, unnamed];
	return Object.assign(new Error(`${code}: ${words}, write`), {code, errno: -number, syscall: 'write'});
}

test('every error of the system has a name and a message with it', () => {
	for (let number = 1; number < 200; number++) {
		const error = nodeError(number);
		const code = codeOf(error);
		expect(code).toMatch(/^E[A-Z\d]+$|^ERRNO_\d+$/);
		expect(messageOf(error)).toMatch(new RegExp(`^${code}: .+, write$`));
		expect(messageOf(error)).not.toMatch(/unknown system error/i);
	}
	expect(codeOf(nodeError(constants.errno.EDQUOT))).toBe('EDQUOT');
});

test('any other error stays unchanged', () => {
	expect(messageOf(new Error('Unknown system error'))).toBe('Unknown system error');
	expect(messageOf('thrown text')).toBe('thrown text');
	expect([codeOf(new Error('x')), codeOf(undefined)]).toEqual([undefined, undefined]);
	expect(codeOf(Object.assign(new Error('x'), {code: 'ERR_WORKER_OUT_OF_MEMORY'}))).toBe('ERR_WORKER_OUT_OF_MEMORY');
});

test('an exhausted quota is named wherever something is written', () => {
	const error = nodeError(constants.errno.EDQUOT);
	expect(new ReportWriteError('/disk/x.json', error)).toMatchObject({
		code: 'EDQUOT',
		message: expect.stringContaining('your share of the disk that holds /disk is used up (EDQUOT)'),
	});
	expect(new EnvironmentError('It ends early', error).message).toMatch(/^It ends early: EDQUOT: /);
});
