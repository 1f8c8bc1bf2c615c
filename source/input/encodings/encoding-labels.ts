// The encodings that text may be in, by the names of the WHATWG Encoding Standard; UTF-32, which it leaves out, is named alike.

export type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

export type EncodingLabel = 'utf-8' | WideEncoding | 'windows-1252';

/** For messages: `UTF-16LE`, `windows-1252`. */
export const encodingName = (label: EncodingLabel): string => (label.startsWith('utf') ? label.toUpperCase() : label);
