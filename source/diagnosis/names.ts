/** A DNS name as it is compared: small letters, no dot at its end. */
export function bareName(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}
