// Loaded before the test servers (node --import ./loopback.mjs): whatever they listen on, it is the loopback address.
// They have no option for it, and a test network must not be reachable from elsewhere.
import net from 'node:net'

const ADDRESS = '127.0.0.1'
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function listenOnLoopback(...args) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
  const [first, second, third] = args
  let options
  if (first !== null && typeof first === 'object') {
    options = first
  } else if (first === undefined || !Number.isNaN(Number(first))) {
    const backlog = typeof second === 'number' ? second : third
    options = { port: Number(first ?? 0), ...(backlog === undefined ? {} : { backlog }) }
  } else {
    options = { path: first } // a Unix socket is local already
  }
  if (options.path === undefined && options.fd === undefined && !options._handle) options = { ...options, host: ADDRESS }
  return listen.call(this, options, ...(callback ? [callback] : []))
}
