/** The SSH server cannot begin: its message says why, and what to do. */
export class SshError extends Error {
	override readonly name = 'SshError';
}
