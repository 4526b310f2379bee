/** A text without the passwords and query strings of the URLs in it: for what is given away (recordings, reports that are pasted). */
export function withoutSecrets(text: string): string {
	return text.replace(credentials, '$1…@').replace(query, '$1?…');
}

const credentials = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#@"']+@/gi;
const query = /\b([a-z][a-z\d+.-]*:\/\/[^\s?"']+)\?[^\s"']+/gi;
