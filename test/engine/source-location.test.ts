import {expect, test} from 'vitest';
import type {SourceLocation} from '../../source/engine/shared/protocol.ts';
import {canReadAgain} from '../../source/engine/shared/source-location.ts';
import {openSource} from '../../source/engine/worker/source/open-source.ts';

const file: SourceLocation = {kind: 'file', path: 'a.zip'};
const stream: SourceLocation = {kind: 'stream', at: '/dev/fd/63'};
const memberOf = (of: SourceLocation): SourceLocation => ({kind: 'member', of, path: 'b.csv'});

test('files can be read again, and so can what lies within them, however deep', () => {
	expect([file, memberOf(file), memberOf(memberOf(file))].map(canReadAgain)).toEqual([true, true, true]);
});

test('streams cannot, nor can what lies within them', () => {
	expect([stream, {kind: 'standard-input'} as const, memberOf(stream)].map(canReadAgain)).toEqual([
		false,
		false,
		false,
	]);
});

test('a member of an archive is a mistake of the program as long as no archive can be read', () => {
	expect(() => openSource(memberOf(file))).toThrow('no format of archives is known');
});
