// What the library leaves out of a session for files, and other sessions have: standard error, an exit code, and how much the client has not taken yet.
import type {Socket} from 'node:net';
import type {SFTPWrapper} from 'ssh2';

interface Inner {
	readonly _protocol: {
		readonly channelExtData: (channel: number, data: Buffer, type: number) => void;
		readonly exitStatus: (channel: number, code: number) => void;
	};
	readonly outgoing: {readonly id: number; readonly state: string; window: number};
	/** What waits until the client takes more. */
	readonly _buffer: readonly Uint8Array[];
	readonly _client: {readonly _sock: Pick<Socket, 'writableLength'>};
}

const STDERR = 1;

/** OpenSSH's clients show nothing of a refusal but its number, and this as it is. */
export function tellBeside(sftp: SFTPWrapper, text: string): void {
	const {_protocol: protocol, outgoing} = sftp as unknown as Inner;
	const bytes = Buffer.from(text);
	if (outgoing.state !== 'open' || outgoing.window < bytes.length) return;
	outgoing.window -= bytes.length;
	protocol.channelExtData(outgoing.id, bytes, STDERR);
}

/** `sftp` waits for the end for ever, and `scp` takes an end without a code for a failure. */
export function endSftp(sftp: SFTPWrapper): void {
	const {_protocol: protocol, outgoing} = sftp as unknown as Inner;
	if (outgoing.state === 'open') protocol.exitStatus(outgoing.id, 0);
	sftp.end();
}

/** How many bytes of answers lie in the memory; 0 when nobody takes any more. */
export function unsentBytesOf(sftp: SFTPWrapper): number {
	const {outgoing, _buffer: waiting, _client: client} = sftp as unknown as Inner;
	if (outgoing.state !== 'open') return 0;
	return waiting.reduce((sum, {length}) => sum + length, client._sock.writableLength);
}
