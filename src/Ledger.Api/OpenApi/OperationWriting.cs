using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ledger.Api.OpenApi;

/// <summary>Writes bodies, examples, failures and the security of each operation, which are not seen from its signature.</summary>
internal sealed class OperationWriting : IOpenApiOperationTransformer
{
    public const string SecurityScheme = "apiKey";

    private static readonly IReadOnlyList<KnownProblem> OfAllWithKey =
    [
        KnownProblems.CommunityMissing, KnownProblems.Unauthenticated, KnownProblems.Forbidden, KnownProblems.CommunityNotGranted,
        KnownProblems.CommunityNotFound, KnownProblems.TooManyRequests, KnownProblems.InternalError, KnownProblems.Unavailable,
    ];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequestExample>().FirstOrDefault() is { } request)
        {
            operation.RequestBody = await BodyOf(request, context, cancellationToken);
        }

        foreach (var answer in metadata.OfType<Answer>())
        {
            operation.Responses![Key(answer.Status)].Description = answer.Text;
        }

        foreach (var other in metadata.OfType<OtherShape>())
        {
            var media = operation.Responses![Key(other.Status)].Content!["application/json"];
            media.Schema = new OpenApiSchema { AnyOf = [media.Schema!, await ReferenceTo(other.Type, context, cancellationToken)] };
        }

        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        AddFailures(operation, context.Document!, metadata.OfType<Failures>().SelectMany(failures => failures.Problems), isOpen);
        if (!isOpen)
        {
            AddSecurity(operation, context.Document!, metadata.OfType<Access>().FirstOrDefault());
        }

        if (metadata.OfType<NeedsIdempotencyKey>().Any())
        {
            AddHeader(
                operation,
                IdempotencyKey.Header,
                "Makes it one command for ever: a repeat is answered as before, with Idempotency-Replayed: true.",
                new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 });
        }

        if (metadata.OfType<NeedsIfMatch>().FirstOrDefault() is { } seen)
        {
            AddHeader(
                operation,
                "If-Match",
                "The `ETag` of what the caller has read" + (seen.Always ? "." : "; needed for whatever is there already."),
                new() { Type = JsonSchemaType.String },
                seen.Always);
        }
    }

    private static async Task<OpenApiRequestBody> BodyOf(
        RequestExample request, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        IOpenApiSchema schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A CloudEvents 1.0 event; see docs/events." };
        if (request.Type != typeof(System.Text.Json.JsonElement))
        {
            schema = await ReferenceTo(request.Type, context, cancellation);
        }

        return new()
        {
            Required = true,
            Content = request.ContentTypes.ToDictionary(
                type => type, _ => new OpenApiMediaType { Schema = schema, Example = JsonNode.Parse(request.Json) }),
        };
    }

    private static async Task<OpenApiSchemaReference> ReferenceTo(
        Type type, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        context.Document!.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellation));
        return new(type.Name, context.Document);
    }

    private static void AddFailures(OpenApiOperation operation, OpenApiDocument document, IEnumerable<KnownProblem> own, bool isOpen)
    {
        var all = isOpen ? own : own.Concat(OfAllWithKey);
        foreach (var status in all.Distinct().GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            operation.Responses ??= [];
            operation.Responses[Key(status.Key)] = new OpenApiResponse
            {
                Description = "One of: " + string.Join(", ", status.Select(problem => problem.Code).Order(StringComparer.Ordinal)) + ".",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
                },
            };
        }
    }

    private static void AddSecurity(OpenApiOperation operation, OpenApiDocument document, Access? access)
    {
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(SecurityScheme, document)] = [] }];
        if (access is not null)
        {
            operation.Description += $" Role: {string.Join(" or ", Keys.KeyGrants.NamesOf(access.Roles))}.";
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "community",
            In = ParameterLocation.Query,
            Description = "The community; needed with a key for all communities, otherwise the key's own.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description, OpenApiSchema schema, bool required = true)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = required,
            Description = description,
            Schema = schema,
        });
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
