// What another rsync starts behind `ssh <host>`: files that come in, by the same rights and the same way as by SFTP.
import type {ServerChannel} from 'ssh2';
import {mayCall, type Role} from '../../../server/roles.ts';
import {readRsyncRequest} from '../../../ssh/rsync/read-request.ts';
import {receiveFiles} from '../../../ssh/rsync/receive-files.ts';
import {RsyncFault} from '../../../ssh/rsync/wire.ts';
import type {SessionContext} from '../../../ssh/serve-session.ts';
import type {SftpTree} from '../../../ssh/sftp/tree.ts';
import {safe} from '../../../text/safe.ts';
import {exitCodes} from '../exit-codes.ts';

export interface RsyncPlace {
	readonly role: Role;
	readonly openTree: (tell: (sentence: string) => void) => SftpTree;
}

/** As rsync's own. */
const PROTOCOL_CODE = 12;

export async function sshRsync(
	text: string,
	channel: ServerChannel,
	{signal, isBusy}: SessionContext,
	{role, openTree}: RsyncPlace,
): Promise<number> {
	const tell = (sentence: string): void => void channel.stderr.write(`fileproc-tui: ${sentence}\n`);
	const request = readRsyncRequest(text);
	if (typeof request === 'string') {
		tell(safe(request));
		return exitCodes.usage;
	}
	if (!mayCall(role, 'uploader')) {
		tell(`The role ${role} may not send files in.`);
		return exitCodes.environment;
	}
	try {
		return await receiveFiles(channel, request, openTree(tell), {signal, onBytes: isBusy});
	} catch (error) {
		if (!(error instanceof RsyncFault)) throw error;
		// Who has gone, or is sent away, hears of that elsewhere.
		if (!signal.aborted) tell(`${error.message}.`);
		return PROTOCOL_CODE;
	}
}
