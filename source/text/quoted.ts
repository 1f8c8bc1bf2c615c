import {displayPath} from './path-text.ts';
import {safe} from './safe.ts';

/** Words of people are quoted in messages, so that spaces and empty words are visible. */
export const quoted = (text: string): string => `“${safe(displayPath(text))}”`;
