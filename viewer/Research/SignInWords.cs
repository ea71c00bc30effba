using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>Why somebody is not let in, in both languages; which of badge and password was wrong is not told.</summary>
internal static class SignInWords
{
    public static TwoTongues Of(IResult answer) => (answer as IStatusCodeHttpResult)?.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => new("Le badge et le mot de passe ne vont pas ensemble.", "Badge and password do not belong together."),
        StatusCodes.Status429TooManyRequests => new("Trop d’essais : attendez un peu, puis réessayez.", "Too many tries: wait a little, then try again."),
        _ => new("Le boîtier n’a pas pu le vérifier maintenant ; réessayez dans quelques secondes.", "The box could not check it now; try again in a few seconds."),
    };
}
