import {useEffect, useRef} from 'react';
import type {Input} from '../input/input-stream.ts';
import type {Token} from '../input/tokens.ts';

/** Calls back with every key, and whatever else the terminal tells. Without a keyboard there is nothing, and nothing fails. */
export function useInputTokens(input: Pick<Input, 'subscribe'> | null, onToken: (token: Token) => void): void {
	// Each token is taken by what was rendered last, without subscribing anew with every frame.
	const latest = useRef(onToken);
	latest.current = onToken;
	useEffect(() => input?.subscribe(token => latest.current(token)), [input]);
}
