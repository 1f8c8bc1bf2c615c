import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {ClaimAnswers, KnownClaim} from '../../source/ledger/claims-protocol.ts';
import {duplicateDocument} from '../../source/watch/duplicate-document.ts';
import {watchFolders} from '../../source/watch/folders.ts';
import type {WatchContext} from '../../source/watch/watch-context.ts';
import {createFolder} from '../helpers/command.ts';

const DECISION = {duplicateOf: 'first', duplicateOfName: 'a.csv', destination: 'processed'} as const;

/** What the document of a duplicate of `a.csv` says besides. */
async function resultOf({state, isThere}: {state: KnownClaim['state'] | null; isThere: boolean}): Promise<unknown> {
	const folders = watchFolders(createFolder());
	mkdirSync(folders.results, {recursive: true});
	if (isThere) writeFileSync(join(folders.results, 'first__a.csv.json'), '{}');
	const answers: Partial<ClaimAnswers> = {
		claim: state === null ? null : ({name: 'a.csv', state} as KnownClaim),
		result: '{"rows": 3, "outputs": ["a.parquet"]}',
	};
	const context = {
		folders,
		storedName: (claim, name) => `${claim}__${name}`,
		ask: async ({type}) => answers[type],
	} as Pick<WatchContext, 'folders' | 'ask' | 'storedName'>;
	return JSON.parse(await duplicateDocument(context, DECISION, '{"claim": "second"}\n'));
}

test('a result that was removed is in the document of a duplicate', async () => {
	const whole = {claim: 'second', result: {rows: 3}};
	expect(await resultOf({state: 'finished', isThere: false})).toEqual(whole);
	expect(await resultOf({state: null, isThere: false})).toEqual(whole);
});

test('a result that is there, or has yet to be written, is not', async () => {
	expect(await resultOf({state: 'finished', isThere: true})).toEqual({claim: 'second'});
	expect(await resultOf({state: 'decided', isThere: false})).toEqual({claim: 'second'});
});
