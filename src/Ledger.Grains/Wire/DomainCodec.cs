using System.Buffers;
using System.Text;
using System.Text.Json;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace Ledger.Grains.Wire;

/// <summary>
/// Takes values of the domain across grain boundaries, so that the domain needs no attribute of Orleans: by reference inside one silo,
/// as UTF-8 JSON between silos.
/// </summary>
/// <remarks>
/// By reference is safe because every type of <see cref="MessageTypes"/> is immutable; a test keeps it so. A value is one object on the
/// wire with two fields: 0 the name of its form, 1 the JSON. The name is resolved in our own closed list, never by the runtime, so a
/// message cannot make the receiver load or construct anything else.
/// </remarks>
internal sealed class DomainCodec : IGeneralizedCodec, IGeneralizedCopier, IOptionalDeepCopier, ITypeFilter
{
    /// <summary>What stands on the wire for this codec. Never changes: silos of two versions talk during an upgrade.</summary>
    public const string WireAlias = "ledger";

    private const uint NameField = 0;
    private const uint JsonField = 1;

    private static readonly MessageTypes Types = MessageTypes.All;

    /// <summary>Values are marked with the codec's own type, which the reader then finds by its alias.</summary>
    bool IGeneralizedCodec.IsSupportedType(Type type) => type == typeof(DomainCodec) || Types.Contains(type);

    /// <inheritdoc/>
    bool IGeneralizedCopier.IsSupportedType(Type type) => Types.Contains(type);

    /// <summary>Lets collections of our values, and calls that carry nothing else, go without a copy too.</summary>
    public bool IsShallowCopyable() => true;

    /// <summary>The same instance: it is immutable.</summary>
    public object? DeepCopy(object? input, CopyContext context) => input;

    /// <summary>Says yes to our own types, and leaves every other one to the other filters.</summary>
    public bool? IsTypeAllowed(Type type) => Types.MayBeNamed(type) ? true : null;

    /// <inheritdoc/>
    /// <exception cref="CodecNotFoundException">The value is of a type that may not travel.</exception>
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
        {
            return;
        }

        var form = FormOf(value.GetType());
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(DomainCodec), WireType.TagDelimited);
        WriteBytes(ref writer, NameField, form.Utf8Name);
        WriteBytes(ref writer, JsonField - NameField, JsonSerializer.SerializeToUtf8Bytes(value, form.Json));
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    /// <exception cref="SerializerException">The name is not on our list, or the JSON is not a value of that type.</exception>
    public object? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference(ref reader, field.FieldType);
        }

        field.EnsureWireTypeTagDelimited();
        var reference = ReferenceCodec.CreateRecordPlaceholder(reader.Session);
        var value = ReadObject(ref reader);
        ReferenceCodec.RecordObject(reader.Session, value, reference);
        return value;
    }

    private static object ReadObject<TInput>(ref Reader<TInput> reader)
    {
        MessageType? form = null;
        object? value = null;
        uint id = 0;
        for (var header = reader.ReadFieldHeader(); !header.IsEndBaseOrEndObject; header = reader.ReadFieldHeader())
        {
            id += header.FieldIdDelta;
            switch (id)
            {
                case NameField:
                    form = Resolve(Encoding.UTF8.GetString(ReadBytes(ref reader, header)));
                    break;
                case JsonField when form is not null:
                    value = Parse(form, ReadBytes(ref reader, header));
                    break;
                default:
                    // A later version may say more; what we need comes first.
                    reader.ConsumeUnknownField(header);
                    break;
            }
        }

        return value ?? throw new RequiredFieldMissingException("A domain value without its name and JSON.");
    }

    private static MessageType FormOf(Type type) =>
        Types.FormOf(type) ?? throw new CodecNotFoundException($"{type} has no JSON form in the domain, so it may not travel.");

    private static MessageType Resolve(string name) =>
        Types.TryFind(name, out var form)
            ? form
            : throw new SerializerException("A message names a type that is not a value of the domain.");

    private static object? Parse(MessageType form, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, form.Json);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Whatever a converter throws may be of a type that no other silo can read, and may quote the value: it stays here.
            throw new SerializerException($"A message does not hold a valid {form.Name}.");
        }
    }

    private static void WriteBytes<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, ReadOnlySpan<byte> bytes)
        where TBufferWriter : IBufferWriter<byte>
    {
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeaderExpected(fieldIdDelta, WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    private static ReadOnlySpan<byte> ReadBytes<TInput>(ref Reader<TInput> reader, Field header)
    {
        header.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = reader.ReadVarUInt32();
        return length <= int.MaxValue && reader.TryReadBytes((int)length, out var bytes) ? bytes : reader.ReadBytes(length);
    }
}
