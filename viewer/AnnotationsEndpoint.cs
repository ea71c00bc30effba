using System.Security.Cryptography;
using Bedside.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/annotations</c>: the marks of people.</summary>
internal static class AnnotationsEndpoint
{
    private const int LongestText = 2000;
    private const int RandomKeyBytes = 12;

    public static void MapAnnotations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/annotations", List)
            .WithName("annotations").WithTags("lists").WithSummary("Marks of people in a range of time, the newest version of each.")
            .Produces<IReadOnlyList<AnnotationAnswer>>().ProducesProblem(400).ProducesProblem(413);
        api.MapPost("/annotations", CreateAsync)
            .WithName("mark").WithTags("lists").WithSummary("Marks a time or a range; answered when it is on disk.")
            .Accepts<NewAnnotation>("application/json")
            .Produces<AnnotationAnswer>().Produces<AnnotationAnswer>(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(415);
        api.MapPatch("/annotations/{key}", ChangeAsync)
            .WithName("change-mark").WithTags("lists").WithSummary("Stores the next version of a mark; earlier ones are kept.")
            .Accepts<ChangedAnnotation>("application/json")
            .Produces<AnnotationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415);
    }

    private static IResult List(string? from, string? to, bool? withdrawn, AnnotationBook book, TimeProvider time, IOptions<ViewerOptions> options)
    {
        if (!TimeRange.TryRead(from, to, time.Instant(), out TimeRange range, out ProblemHttpResult problem))
        {
            return problem;
        }

        IReadOnlyList<AnnotationBlock> marks = book.In(range, withdrawn ?? false);
        return marks.Count > options.Value.MostItems
            ? Problems.TooManyItems(options.Value.MostItems)
            : TypedResults.Ok<IReadOnlyList<AnnotationAnswer>>([.. marks.Select(Answer)]);
    }

    private static async Task<IResult> CreateAsync(
        NewAnnotation mark, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AnnotationBook book, TimeProvider time, CancellationToken cancel)
    {
        string key = mark.Key ?? idempotencyKey ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomKeyBytes));
        var block = new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = mark.Time ?? time.Instant(),
            Key = key,
            Kind = mark.Kind ?? string.Empty,
            Text = mark.Text ?? string.Empty,
            Source = AnnotationBook.Person,
            Until = mark.Until,
        };
        if (Fault(block) is ProblemHttpResult fault)
        {
            return fault;
        }

        (AnnotationOutcome outcome, AnnotationBlock stored) = await book.CreateAsync(block, mark.Time is not null, cancel);
        return outcome switch
        {
            AnnotationOutcome.Stored => TypedResults.Created($"/api/v1/annotations/{stored.Key}", Answer(stored)),
            AnnotationOutcome.Repeated => TypedResults.Ok(Answer(stored)),
            _ => Problems.Conflict("Another mark has this key; take a new key for a new mark."),
        };
    }

    private static async Task<IResult> ChangeAsync(string key, ChangedAnnotation change, AnnotationBook book, CancellationToken cancel)
    {
        if (change.Version is not int version)
        {
            return Problems.BadRequest("'version' must say which version of the mark was read.");
        }

        if (book.Find(key) is not AnnotationBlock former)
        {
            return NoMark();
        }

        if (Fault(Changed(former, change)) is ProblemHttpResult fault)
        {
            return fault;
        }

        (AnnotationOutcome outcome, AnnotationBlock? stored) = await book.ChangeAsync(key, version, newest => Changed(newest, change), cancel);
        return outcome switch
        {
            AnnotationOutcome.Stored when stored is not null => TypedResults.Ok(Answer(stored)),
            AnnotationOutcome.Conflicting => Problems.Conflict("The mark was changed by someone else; read it again, then change it."),
            _ => NoMark(),
        };
    }

    private static ProblemHttpResult NoMark() => Problems.NotFound("There is no mark with this key; devices' own marks cannot be changed.");

    private static AnnotationBlock Changed(AnnotationBlock former, ChangedAnnotation change) => former with
    {
        Start = change.Time ?? former.Start,
        Until = change.Until ?? former.Until,
        Kind = change.Kind ?? former.Kind,
        Text = change.Text ?? former.Text,
        Withdrawn = change.Withdrawn ?? former.Withdrawn,
    };

    private static ProblemHttpResult? Fault(AnnotationBlock mark)
    {
        if (!AnnotationBook.Key.IsMatch(mark.Key))
        {
            return Problems.BadRequest("'key' must be 8 to 64 of the characters A-Z a-z 0-9 - _ . only.");
        }

        if (!AnnotationBook.Kind.IsMatch(mark.Kind))
        {
            return Problems.BadRequest("'kind' must be 1 to 40 of the characters a-z 0-9 - only, like suction.");
        }

        if (mark.Text.Length > LongestText)
        {
            return Problems.BadRequest($"'text' may have {LongestText} characters at most.");
        }

        return mark.Until < mark.Start ? Problems.BadRequest("'until' must not lie before 'time'.") : null;
    }

    private static AnnotationAnswer Answer(AnnotationBlock mark) =>
        new(mark.Key, mark.Version, mark.Kind, mark.Text, mark.Source, mark.Start, mark.Until, mark.Withdrawn);
}
