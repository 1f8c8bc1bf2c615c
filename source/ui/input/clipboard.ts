// Copies through the terminal (OSC 52): it works over SSH too, and needs nothing on the machine that runs the program.

/** xterm accepts some 75,000 bytes in all; base64 turns three bytes into four. */
const TEXT_LIMIT_BYTES = 48 * 1024;

export interface CopySequence {
	readonly sequence: string;
	/** Whether the end of the text was left out. */
	readonly isCut: boolean;
}

/**
@param lines - Text that is already safe: users will paste it into a shell or a mail and trust it.
@param isTmux - tmux passes a sequence on to the terminal around it only in a special envelope.
*/
export function copySequence(lines: readonly string[], isTmux: boolean): CopySequence {
	const kept: string[] = [];
	let bytes = 0;
	for (const line of lines) {
		bytes += Buffer.byteLength(line) + 1;
		if (bytes > TEXT_LIMIT_BYTES) break;
		kept.push(line);
	}
	const sequence = `\u{1b}]52;c;${Buffer.from(kept.join('\n')).toString('base64')}\u{1b}\\`;
	return {sequence: isTmux ? sequence + throughTmux(sequence) : sequence, isCut: kept.length < lines.length};
}

/**
Depending on its configuration, tmux copies the plain sequence to its own buffer, or passes the one in the envelope on to the
terminal, so both are sent.
*/
export const throughTmux = (sequence: string): string =>
	`\u{1b}Ptmux;${sequence.replaceAll('\u{1b}', '\u{1b}\u{1b}')}\u{1b}\\`;
