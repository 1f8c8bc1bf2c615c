// What the errors of an operating system mean for a person who wants to read a file.
import {codeOf, numberOf} from '../../text/system-error.ts';

const notAllowed = 'this user may not read it; ask for permission or run as a user who may';
const serverGone = 'the server of the network drive cannot be reached; check the network and the mount';
const serverSilent = 'the server of the network drive did not answer in time; check the network and the mount';
const connectionLost = 'the connection to the network drive was lost; mount it again if this stays';
const driveGone = 'the drive is not there any more; connect or mount it again';
const broken = 'the file system is damaged there; check it (fsck) and restore the file from a copy';
const noKey = 'it is encrypted, and there is no valid key for it; unlock the folder';

/** What the refusals mean that reading a file can meet, and what to try. */
const explanations: Readonly<Record<string, string>> = {
	ENOENT: 'there is no file or folder of this name; check how it is written, or whether it was moved',
	EACCES: notAllowed,
	EPERM: notAllowed,
	EISDIR: 'it is a directory; expected a file',
	ENOTDIR: 'a part of its path is not a folder',
	ELOOP: 'its symbolic links lead in a circle',
	ENAMETOOLONG: 'its name is longer than the file system takes',
	EMFILE: 'too many files are open; lower --concurrency or raise `ulimit -n`',
	ENFILE: 'too many files are open on this machine',
	EIO: 'the disk or network drive could not deliver the data',
	EREMOTEIO: 'the drive or its server reported an error of its own',
	EBUSY: 'another program holds it',
	ETXTBSY: 'another program holds it',
	EAGAIN: 'the drive had nothing to give at that moment',
	EINTR: 'the call was interrupted',
	ENOMEM: 'the machine is out of memory',
	ENOBUFS: 'the machine is out of memory',
	ENOSPC: 'there is no space left on the drive, or where its cache is kept; free some',
	EDQUOT: "this user's quota on the drive is used up; free some space or ask for more",
	EFBIG: 'it is larger than the file system or its server can handle',
	EOVERFLOW: 'it is larger than the file system or its server can handle',
	EINVAL: 'the file system does not take such a call',
	EBADF: 'it is not open any more; another part of this program or a preloaded library has closed it',
	EFAULT: 'the file system could not hand over the data',
	EROFS: 'the drive can only be read',
	ESTALE: 'the network drive has lost it: it was deleted or replaced on the server, or must be mounted again',
	ETIMEDOUT: serverSilent,
	ETIME: serverSilent,
	EHOSTDOWN: serverGone,
	EHOSTUNREACH: serverGone,
	ENETDOWN: serverGone,
	ENETUNREACH: serverGone,
	ECONNREFUSED: serverGone,
	ENONET: serverGone,
	ENOTCONN: connectionLost,
	ECONNRESET: connectionLost,
	ECONNABORTED: connectionLost,
	ENETRESET: connectionLost,
	ESHUTDOWN: connectionLost,
	EPIPE: connectionLost,
	ECOMM: connectionLost,
	ENOLINK: connectionLost,
	EPROTO: 'the server of the network drive gave an answer that makes no sense',
	EBADRPC: 'the server of the network drive gave an answer that makes no sense',
	EREMCHG: 'its place on the server of the network drive has changed',
	ENXIO: driveGone,
	ENODEV: driveGone,
	ENOMEDIUM: driveGone,
	EPWROFF: driveGone,
	EDEVERR: 'the drive reported an error of its own',
	EMEDIUMTYPE: 'the drive cannot read this kind of medium',
	ENODATA: 'the drive could not deliver the data',
	EILSEQ: 'the file system cannot represent its name or data',
	EBADMSG: broken,
	EUCLEAN: broken,
	EBADE: broken,
	EHWPOISON: 'a part of the memory that held it is defective; restart the machine and test its memory',
	ENOKEY: noKey,
	EKEYEXPIRED: noKey,
	EKEYREVOKED: noKey,
	EKEYREJECTED: noKey,
	EAUTH: 'the server of the network drive did not accept the login',
	ENEEDAUTH: 'the server of the network drive wants a login',
	ENOLCK: 'the server of the network drive is out of locks',
	EDEADLK: 'another program holds it',
	ENOSYS: 'the file system cannot do this',
	ENOTSUP: 'the file system cannot do this',
	EOPNOTSUPP: 'the file system cannot do this',
};

/** An error that the operating system gave for a call. */
export interface SystemError {
	readonly code: string;
	readonly syscall: string;
	readonly explanation: string;
}

/** `null` for any other error. */
export function describeSystemError(error: Error): SystemError | null {
	const code = codeOf(error);
	if (code === undefined || !('syscall' in error) || typeof error.syscall !== 'string') return null;
	const explanation =
		explanations[code] ?? descriptionByNode(numberOf(error)) ?? 'the operating system says no more about it';
	return {code, syscall: error.syscall, explanation};
}

// Loaded here and not imported above, because each thread would load it as it starts, and few files fail.
const descriptionByNode = (number: number | null): string | undefined =>
	number === null ? undefined : process.getBuiltinModule('node:util').getSystemErrorMap().get(-number)?.[1];
