// Uploads that are begun before anybody knows how long they are (creation-defer-length of tus): a stream says so at its end.
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import type {Datasets} from './datasets.ts';
import {problem} from './problem.ts';
import type {Calling} from './upload-calling.ts';
import type {UploadLocker} from './upload-locker.ts';

/** What `uploads.bytes` is until the length is declared; so no upload is taken for complete before. */
export const UNDECLARED = -1;

/** `null`: it is still to be declared. */
export const lengthOf = ({bytes}: Row): number | null => (Number(bytes) === UNDECLARED ? null : Number(bytes));

interface Parts {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly locker: Pick<UploadLocker, 'assertHeld' | 'holderOf'>;
}

/**
@param row - Of an upload whose length is still to be declared.
@throws {Problem} Where it may not have so many bytes, or more of them come with the declaration.
*/
export async function declareLength(
	{ledger, datasets, locker}: Parts,
	{user, announcedBytes}: Pick<Calling, 'user' | 'announcedBytes'>,
	row: Row,
	size: number,
): Promise<void> {
	const [id, received] = [String(row.id), Number(row.received_bytes)];
	if (received + announcedBytes > size)
		throw problem('TOO_LARGE', `Expected no more than the ${size} bytes of Upload-Length.`);
	const isWhole = size === received;
	await datasets.room.extend(user, {id, from: received, to: size}, async () => {
		const file = await datasets.openIncoming(id, received, false);
		try {
			locker.assertHeld(id);
			// What a process that died has left behind there may be more than ever comes.
			await file.rollBack();
			await file.settle(received, isWhole);
			const values = [size, Date.now(), id, UNDECLARED, locker.holderOf(id)];
			await ledger.commit({statement: 'declareLength', values, rows: 1});
		} catch (error) {
			await file.rollBack();
			throw error;
		} finally {
			await file.close();
		}
		if (isWhole) await file.forgetEarlier();
	});
}
