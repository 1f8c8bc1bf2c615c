/** Whether a word for an analysis is the path of a module: it has a `/`, or ends as modules do. */
export const isModulePath = (text: string): boolean => text.includes('/') || /\.m?[jt]s$/.test(text);
