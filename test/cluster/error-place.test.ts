import {expect, test} from 'vitest';
import {withPlace} from '../../source/cluster/error-place.ts';
import type {ResultBody} from '../../source/cluster/messages.ts';

const about = {token: 't', execution: 'e'} as const;
const failed = (code: string, message: string) =>
	({type: 'failed', error: {code, message, line: null, byte_offset: null}, bytesRead: 0}) as const;
const reply = {isLast: true, rows: [], kept: null};

const resultsWith = (code: string, message: string): readonly ResultBody[] => [
	{...about, type: 'file', outcome: failed(code, message)},
	{...about, type: 'span', outcome: failed(code, message)},
	{
		...{...about, type: 'files', lost: null},
		replies: [{...reply, outcomes: [{type: 'skipped'}, {...failed(code, message), elapsedMs: 1}]}],
	} as unknown as ResultBody,
];

test('what only the machine of a worker lacks is said to be so there, and nothing else of a result changes', () => {
	for (const code of ['NO_CREDENTIALS', 'WRONG_CREDENTIALS', 'NO_ENCRYPTION_KEY'])
		expect(resultsWith(code, 'It is not here').map(each => withPlace(each, 'w1'))).toEqual(
			resultsWith(code, 'On worker w1: It is not here'),
		);
	for (const each of resultsWith('UNCLOSED_QUOTE', 'A quote is open')) expect(withPlace(each, 'w1')).toEqual(each);
});
