using System.Text;

namespace Ledger.Grains.Importing;

/// <summary>Everything that an import file holds, checked and in order.</summary>
/// <remarks>
/// The whole file is held in memory, about 200 bytes for each row: the order of a resident's rows is known only when the last line is read.
/// </remarks>
public sealed class ImportFile
{
    private readonly List<IReadOnlyList<ImportRow>> _residents;
    private readonly Dictionary<string, ImportRowType> _types;

    private ImportFile(List<IReadOnlyList<ImportRow>> residents, Dictionary<string, ImportRowType> types) =>
        (_residents, _types) = (residents, types);

    /// <summary>The rows of each resident by time and line, the resident with most rows first.</summary>
    public IReadOnlyList<IReadOnlyList<ImportRow>> Residents => _residents;

    /// <summary>Rows that count: the first valid one of each event id.</summary>
    public long Rows => _types.Count;

    /// <summary>Valid rows whose event id an earlier line has.</summary>
    public long Duplicates { get; private init; }

    /// <summary>Rows that are not valid.</summary>
    public long BadRows { get; private init; }

    /// <summary>
    /// The line of the last row that counts when the file ends within it, without a line end; else null. The row is taken as it stands, but
    /// the file may have been cut off there: nobody can tell <c>charity</c> from half of <c>charity-service</c>.
    /// </summary>
    public long? UnendedLine { get; private init; }

    /// <summary>What the row of an event id does; null when no row that counts has it.</summary>
    public ImportRowType? TypeOf(string id) => _types.TryGetValue(id, out var type) ? type : null;

    /// <summary>Opens a file for <see cref="Read"/>: UTF-8 with or without a byte order mark, compressed when its name ends with <c>.gz</c>.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static TextReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        return new StreamReader(isPacked ? new PackedStream(file) : file, Encoding.UTF8);
    }

    /// <summary>Reads a file to its end. A bad row is told and counted, and changes nothing else.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="bad">Is told each bad row, in the order of lines.</param>
    /// <exception cref="IOException">The text cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not compressed as its name says, or is cut off.</exception>
    public static ImportFile Read(TextReader reader, Action<BadRow> bad) => Begin(reader, bad).ToEnd();

    /// <summary>Reads the header, so that a file that is none of an import is known before anything else is done.</summary>
    /// <inheritdoc cref="Read"/>
    public static Reading Begin(TextReader reader, Action<BadRow> bad)
    {
        ArgumentNullException.ThrowIfNull(bad);
        return new(new CsvRecords(reader), bad);
    }

    /// <summary>A file whose header is read, and nothing else.</summary>
    public sealed class Reading
    {
        private readonly CsvRecords _records;
        private readonly Action<BadRow> _bad;
        private readonly ImportRowReader? _rows;
        private readonly Dictionary<ResidentId, List<ImportRow>> _residents = [];
        private readonly Dictionary<string, ImportRowType> _types = [];
        private long _duplicates;
        private long _badRows;
        private long _lastRowLine;

        internal Reading(CsvRecords records, Action<BadRow> bad)
        {
            (_records, _bad) = (records, bad);
            _rows = Header();
        }

        /// <summary>Whether the first line is the header of an import. If not, it is the one bad row and nothing else will be read.</summary>
        public bool HasHeader => _rows is not null;

        /// <summary>Reads the rest. Once.</summary>
        /// <exception cref="IOException">The text cannot be read.</exception>
        /// <exception cref="InvalidDataException">It is not compressed as its name says, or is cut off.</exception>
        public ImportFile ToEnd()
        {
            var lastLine = 0L;
            while (_rows is not null && _records.Read() is { } record)
            {
                lastLine = record.Line;
                if (record.Problem is { } problem)
                {
                    Bad(record.Line, problem);
                }
                else if (_rows.Read(record.Line, record.Fields, out var reason) is { } row)
                {
                    Add(row);
                }
                else
                {
                    Bad(record.Line, reason);
                }
            }

            return new(InOrder(), _types)
            {
                Duplicates = _duplicates,
                BadRows = _badRows,
                UnendedLine = _records.EndsWithinRecord && _lastRowLine > 0 && _lastRowLine == lastLine ? lastLine : null,
            };
        }

        private ImportRowReader? Header()
        {
            if (_records.Read() is not { } header)
            {
                Bad(1, "is missing: the file is empty");
                return null;
            }

            var reason = header.Problem ?? "";
            var rows = header.Problem is null ? ImportRowReader.From(header.Fields, out reason) : null;
            if (rows is null)
            {
                Bad(header.Line, reason);
            }

            return rows;
        }

        private void Add(ImportRow row)
        {
            if (!_types.TryAdd(row.Id, row.Type))
            {
                _duplicates++;
                return;
            }

            if (!_residents.TryGetValue(row.Resident, out var rows))
            {
                _residents.Add(row.Resident, rows = []);
            }

            rows.Add(row);
            _lastRowLine = row.Line;
        }

        private void Bad(long line, string reason)
        {
            _badRows++;
            _bad(new(line, reason));
        }

        private List<IReadOnlyList<ImportRow>> InOrder()
        {
            foreach (var rows in _residents.Values)
            {
                rows.Sort((left, right) => left.At != right.At ? left.At.CompareTo(right.At) : left.Line.CompareTo(right.Line));
            }

            return [.. _residents.Values.OrderByDescending(rows => rows.Count)];
        }
    }
}
