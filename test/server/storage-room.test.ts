// Room is given to one at a time, and nothing counts twice.
import {expect, test} from 'vitest';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {StorageRoom} from '../../source/server/storage-room.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const ANN = {id: 'u_ann', name: 'ann', role: 'user'} as const;

test('an upload counts once, also while the ledger has it and nobody has been told so', async () => {
	const ledger = await ServerLedger.open(createTemporaryFolder().at('ledger.db'));
	await ledger.commit({statement: 'addAccount', values: [ANN.id, ANN.name, '', ANN.role, 0, 0]});
	const room = new StorageRoom(ledger, {maxBytes: 1000, quotaBytes: 150, quotaFiles: 2});
	const begun = {files: 1, bytes: 100};
	await room.hold(ANN, {id: 'p_1', bytes: 100}, async () => {
		expect(room.usageOf(ANN)).toEqual(begun);
		await ledger.commit({statement: 'addUpload', values: ['p_1', ANN.id, 100, '{}', 0, null]});
		expect(room.usageOf(ANN)).toEqual(begun);
		room.assertFits(ANN, 50);
	});
	expect(room.usageOf(ANN)).toEqual(begun);
	expect(() => room.assertFits(ANN, 51)).toThrow('There is no room for 51 more bytes');
	await ledger.close();
});
