// node read.mjs PROGRAM FILE...: reads Arrow files with a program of others and prints a JSON line for each:
// { file, rows, metadata, columns: [{ name, type, nulls, digest }] }. A digest is SHA-256 over the column's cells as text, each
// with a line feed behind it: null as ∅, whole numbers in decimal, times as whole numbers of the type's unit, truths as 0 and 1,
// broken numbers as the hexadecimal of their 64 bits, texts as they are.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const bits = new DataView(new ArrayBuffer(8))

function broken(number) {
  bits.setFloat64(0, number)
  return Number.isNaN(number) ? 'NaN' : bits.getBigUint64(0).toString(16).padStart(16, '0')
}

function column(name, type, cells) {
  const hash = createHash('sha256')
  let nulls = 0
  for (const cell of cells) {
    nulls += cell === null ? 1 : 0
    hash.update(`${cell === null ? '∅' : cell}\n`)
  }
  return { name, type, nulls, digest: hash.digest('hex') }
}

async function apacheArrow() {
  const arrow = await import('apache-arrow')
  function* cells(vector) {
    for (const chunk of vector.data) {
      for (let i = 0; i < chunk.length; i++) {
        const value = !chunk.getValid(i) ? null : arrow.DataType.isUtf8(chunk.type) || arrow.DataType.isBool(chunk.type) ? new arrow.Vector([chunk]).get(i) : chunk.values[i]
        yield value === null ? null : arrow.DataType.isFloat(chunk.type) ? broken(value) : arrow.DataType.isBool(chunk.type) ? Number(value) : value
      }
    }
  }
  return (file) => {
    const table = arrow.tableFromIPC(readFileSync(file))
    return {
      rows: table.numRows,
      metadata: Object.fromEntries(table.schema.metadata),
      columns: table.schema.fields.map((field, i) => column(field.name, `${field.type}`, cells(table.getChildAt(i)))),
    }
  }
}

async function polars() {
  const pl = (await import('nodejs-polars')).default
  function cells(frame, name) {
    const series = frame.getColumn(name)
    const type = `${series.dtype}`
    if (/Float/.test(type)) return series.cast(pl.Float64).toArray().map((value) => (value === null ? null : broken(value)))
    if (/Bool/.test(type)) return series.toArray().map((value) => (value === null ? null : Number(value)))
    if (/Utf8|String/.test(type)) return series.toArray()
    const whole = /Datetime/.test(type) ? series.cast(pl.Int64) : series
    return whole.cast(pl.Utf8).toArray()
  }
  return (file) => {
    const frame = pl.readIPC(readFileSync(file))
    return { rows: frame.height, columns: frame.columns.map((name) => column(name, `${frame.getColumn(name).dtype}`, cells(frame, name))) }
  }
}

async function duckdb() {
  const wasm = require('@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs')
  const folder = dirname(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs'))
  const bundle = (name) => ({ mainModule: join(folder, `duckdb-${name}.wasm`), mainWorker: '' })
  const database = await wasm.createDuckDB({ mvp: bundle('mvp'), eh: bundle('eh') }, new wasm.VoidLogger(), wasm.NODE_RUNTIME)
  await database.instantiate(() => {})
  const connection = database.connect()
  let number = 0
  function* cells(table, name, type) {
    const quoted = `"${name.replaceAll('"', '""')}"`
    const asked = /DOUBLE|FLOAT/.test(type) ? `${quoted}::DOUBLE` : /TIMESTAMP_NS/.test(type) ? `epoch_ns(${quoted})::VARCHAR` : /TIMESTAMP/.test(type) ? `epoch_us(${quoted})::VARCHAR` : /BOOLEAN/.test(type) ? `${quoted}::INT::VARCHAR` : `${quoted}::VARCHAR`
    const vector = connection.query(`SELECT ${asked} FROM ${table}`).getChildAt(0)
    for (let i = 0; vector && i < vector.length; i++) {
      const value = vector.get(i)
      yield value === null ? null : /DOUBLE|FLOAT/.test(type) ? broken(value) : value
    }
  }
  return (file) => {
    // The file holds the stream behind its magic word.
    const table = `t${++number}`
    connection.insertArrowFromIPCStream(readFileSync(file).subarray(8), { name: table, create: true })
    const described = connection.query(`DESCRIBE ${table}`).toArray()
    return {
      rows: Number(connection.query(`SELECT count(*) FROM ${table}`).getChildAt(0).get(0)),
      columns: described.map((row) => column(row.column_name, row.column_type, cells(table, row.column_name, row.column_type))),
    }
  }
}

const [program, ...files] = process.argv.slice(2)
const read = await { 'apache-arrow': apacheArrow, polars, duckdb }[program]()
for (const file of files) {
  console.log(JSON.stringify({ file, ...read(file) }))
}
// A pipe takes no more than its reader lets it: exit only when the last line is through.
process.stdout.write('', () => process.exit(0))
