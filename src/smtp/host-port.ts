/** Hosts and ports in the forms in which people, sockets and URLs want them. */

import { isIPv6 } from 'node:net'

/** The address to connect to for a host that something listens on: a wildcard listens on loopback too. */
export function connectableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** `host:port`, IPv6 in brackets (RFC 3986 section 3.2.2). */
export function formatHostPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** Where mail for something that listens on `host` and `port` is to be sent. */
export function formatSmtpUrl(host: string, port: number): string {
  return `smtp://${formatHostPort(connectableHost(host), port)}`
}
