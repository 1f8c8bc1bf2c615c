// What the server refuses, as SFTP says it.
import {ClientError} from '../../../../client/client-error.ts';
import {noSuchFile, SftpRefusal} from '../../../../ssh/sftp/tree.ts';
import {safe} from '../../../../text/safe.ts';

/** Another error stays what it is: a fault of ours. */
export function refusalOf(error: unknown): unknown {
	if (!(error instanceof ClientError)) return error;
	if (error.status === 404) return noSuchFile();
	const code = error.status === 401 || error.status === 403 ? 'PERMISSION_DENIED' : 'FAILURE';
	return new SftpRefusal(code, safe(error.message));
}
